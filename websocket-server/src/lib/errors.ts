/**
 * An error that a door may show: `code` is stable, `message` tells a person what to change. Anything else
 * that is thrown is a fault, and its message stays inside.
 */
export class TelephoneError extends Error {
  readonly code: string;
  /** Values that explain it, safe to show to whoever asked. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    message: string,
    details: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
    this.details = details;
  }
}

export class CallNotFound extends TelephoneError {
  constructor(callId: string) {
    super('call-not-found', `No call has the id "${callId}". telephony_list shows the calls there are.`, {
      callId,
    });
  }
}

/** The call goes on, and this server does not hold it. */
export class CallElsewhere extends TelephoneError {
  /** @param holder where the server is reached that holds it; null where none is known */
  constructor(callId: string, state: string, holder: string | null) {
    super(
      'call-is-elsewhere',
      holder === null
        ? `The call is ${state}, and this server does not hold it: it is just being settled after a restart, or another server on the same database holds it. Try again in some seconds. It can be canceled from here: telephony_cancel, or POST /api/calls/{callId}/cancel.`
        : `Another server holds this call: ${holder}. Ask there. It can be canceled from here: telephony_cancel, or POST /api/calls/{callId}/cancel.`,
      { callId, state, ...(holder !== null && { holder }) },
    );
  }
}

/** The server has stopped before the store had all that happened in calls. */
export class CallsUnstored extends TelephoneError {
  constructor() {
    super(
      'calls-unstored',
      'Stopped before all that happened in calls was stored: the database did not answer. The next start settles these calls at the carrier.',
    );
  }
}

/** The request itself is wrong: nothing was stored and nothing was dialed. */
export class InvalidRequest extends TelephoneError {
  constructor(message: string, details: Readonly<Record<string, unknown>> = {}) {
    super('invalid-request', message, details);
  }
}

/** The policy gate said no. `rule` names which, `message` how the operator changes it. */
export class NotPermitted extends TelephoneError {
  constructor(rule: string, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super('not-permitted', message, { rule, ...details });
  }
}

/** The server is shutting down and takes no more calls. */
export class ServerStopping extends TelephoneError {
  constructor() {
    super('server-stopping', 'The server is shutting down and takes no new calls. Try again shortly.');
  }
}

/** More calls are asked for than can be set up, for the moment. */
export class TooManyAtOnce extends TelephoneError {
  constructor() {
    super(
      'too-many-at-once',
      'More calls are being set up at this moment than this machine can take. Nothing was dialed. Try again in a few seconds.',
    );
  }
}
