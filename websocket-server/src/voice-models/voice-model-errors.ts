import { TelephoneError } from '../lib/errors.ts';

/** A voice session could not be opened or configured. */
export class VoiceModelFailed extends TelephoneError {
  constructor(model: string, message: string, options?: ErrorOptions) {
    super('voice-model-failed', message, { model }, options);
  }
}
