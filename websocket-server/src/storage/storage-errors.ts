import { TelephoneError } from '../lib/errors.ts';

export class IdempotencyKeyTaken extends TelephoneError {
  constructor(key: string) {
    super('idempotency-key-taken', `The idempotency key "${key}" belongs to an earlier call.`, { key });
  }
}

/** Another process holds the data directory. */
export class DataDirectoryInUse extends TelephoneError {
  constructor(directory: string, pid: number) {
    super(
      'data-directory-in-use',
      `The data directory ${directory} is in use by process ${pid}. Stop that process, or set DATA_DIR to another directory, or DATABASE_URL to a PostgreSQL server that both can share.`,
      { pid },
    );
  }
}
