/**
 * Structured log. Phone numbers, words spoken and goals go under `pii` and never into the message, so that
 * one setting can redact them.
 */
export interface Log {
  debug(message: string, details?: LogDetails): void;
  info(message: string, details?: LogDetails): void;
  warn(message: string, details?: LogDetails): void;
  error(message: string, details?: LogDetails): void;
  child(details: LogDetails): Log;
}

export interface LogDetails {
  readonly [key: string]: unknown;
  readonly pii?: Readonly<Record<string, unknown>>;
  readonly err?: unknown;
}

/** A log that says nothing, for tests. */
export const silentLog: Log = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silentLog,
};
