import { pino } from 'pino';
import type { Logger } from 'pino';
import { PinoPretty as pretty } from 'pino-pretty';
import { LogCleaner } from './log-privacy.ts';
import type { LogPrivacy } from './log-privacy.ts';
import type { Log, LogDetails } from './log.ts';

export interface LogSettings extends LogPrivacy {
  readonly level: string;
  readonly format: 'pretty' | 'json';
}

/** A log on stderr: stdout belongs to MCP in stdio mode. No level shows personal data; `showsPii` does. */
export function createLog({ level, format, ...privacy }: LogSettings): Log {
  const cleaner = new LogCleaner(privacy);
  // Errors come as plain values, whose names are kept as they are.
  const options = { level, base: null, serializers: { err: (err: unknown) => err } };
  if (format === 'json') return logOf(pino(options, pino.destination(2)), cleaner);
  const colours = process.stderr.isTTY;
  const stream = pretty({ destination: 2, colorize: colours, translateTime: 'SYS:HH:MM:ss.l' });
  return logOf(pino(options, stream), cleaner);
}

function logOf(logger: Logger, cleaner: LogCleaner): Log {
  const write = (level: 'debug' | 'info' | 'warn' | 'error') => (message: string, details?: LogDetails) => {
    if (!logger.isLevelEnabled(level)) return;
    logger[level](cleaner.details(details ?? {}), cleaner.text(message));
  };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (details) => logOf(logger.child(cleaner.details(details)), cleaner),
  };
}
