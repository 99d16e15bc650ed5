import { pino } from 'pino';
import type { Logger } from 'pino';
import { PinoPretty as pretty } from 'pino-pretty';
import type { Log, LogDetails } from './log.ts';

export interface LogSettings {
  readonly level: string;
  readonly format: 'pretty' | 'json';
}

/** A log on stderr: stdout belongs to MCP in stdio mode. What stands under `pii` is redacted below level `debug`. */
export function createLog({ level, format }: LogSettings): Log {
  const showsPii = level === 'debug' || level === 'trace';
  const options = { level, redact: showsPii ? [] : ['pii.*'], base: null };
  if (format === 'json') return logOf(pino(options, pino.destination(2)));
  const colours = process.stderr.isTTY;
  return logOf(pino(options, pretty({ destination: 2, colorize: colours, translateTime: 'SYS:HH:MM:ss.l' })));
}

function logOf(logger: Logger): Log {
  const write = (level: 'debug' | 'info' | 'warn' | 'error') => (message: string, details?: LogDetails) =>
    logger[level](details ?? {}, message);
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (details) => logOf(logger.child(details)),
  };
}
