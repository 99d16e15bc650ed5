import { TelephoneError } from '../lib/errors.ts';

/** The carrier refused: nothing was dialed. */
export class CarrierRejected extends TelephoneError {
  constructor(
    carrier: string,
    message: string,
    details: { carrierCode?: number; retryable: boolean },
    options?: ErrorOptions,
  ) {
    super('carrier-rejected', message, { carrier, ...details }, options);
  }
}

/** The request left and no clear answer came back: the carrier may or may not be dialing. */
export class CarrierUnclear extends TelephoneError {
  constructor(carrier: string, options?: ErrorOptions) {
    super('carrier-unclear', 'The carrier gave no clear answer.', { carrier }, options);
  }
}
