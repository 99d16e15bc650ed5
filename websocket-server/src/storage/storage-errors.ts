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

/** An event with this call and sequence number is there already: another writer, or a repeated append. */
export class EventsAlreadyStored extends TelephoneError {
  constructor(options: ErrorOptions) {
    super('events-already-stored', 'Some of these events are stored already.', {}, options);
  }
}

/** Some calls that events are for were removed, by whoever may: nothing was written. */
export class CallsGone extends TelephoneError {
  readonly callIds: readonly string[];

  constructor(callIds: readonly string[], options: ErrorOptions) {
    super('calls-gone', 'Some of these calls were removed.', { callIds }, options);
    this.callIds = callIds;
  }
}

/** The database cannot be opened or reached when the server starts. */
export class DatabaseUnavailable extends TelephoneError {
  constructor(message: string, options: ErrorOptions) {
    super('database-unavailable', message, {}, options);
  }
}

/** The database was migrated by a later version of this program. */
export class DatabaseTooNew extends TelephoneError {
  constructor(migration: string) {
    super(
      'database-too-new',
      `The database was written by a newer version of MCP Telephone (it has "${migration}"). Start that version, or point DATA_DIR or DATABASE_URL elsewhere.`,
      { migration },
    );
  }
}
