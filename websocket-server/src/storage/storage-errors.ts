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

/** A file that is to be restored is no backup, or not whole. */
export class BackupDamaged extends TelephoneError {
  constructor(file: string, why: string, options: ErrorOptions) {
    super('backup-damaged', `${file} cannot be restored: ${why}. Nothing was changed.`, {}, options);
  }
}

/** A backup of a later version of this program. */
export class BackupTooNew extends TelephoneError {
  constructor(file: string) {
    super(
      'backup-too-new',
      `${file} was made by a newer version of MCP Telephone: restore it with that version. Nothing was changed.`,
    );
  }
}

export class DataDirectoryNotEmpty extends TelephoneError {
  constructor(directory: string) {
    super(
      'data-directory-not-empty',
      `There are calls in ${directory} already. Set DATA_DIR to another folder, or add --force to give up what is there. Nothing was changed.`,
    );
  }
}

/** Only the embedded database is backed up by this program. */
export class NotEmbedded extends TelephoneError {
  constructor() {
    super(
      'not-embedded',
      'Calls are kept on the PostgreSQL server of DATABASE_URL: back it up and restore it with pg_dump and pg_restore. Recordings are files in DATA_DIR/recordings.',
    );
  }
}
