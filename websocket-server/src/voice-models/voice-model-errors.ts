import { TelephoneError } from '../lib/errors.ts';

/** A voice session could not be opened or configured. */
export class VoiceModelFailed extends TelephoneError {
  /** Trying again cannot help: the key, the account or the settings are refused. */
  readonly isFinal: boolean;

  constructor(model: string, message: string, options: ErrorOptions & { readonly isFinal?: boolean } = {}) {
    super('voice-model-failed', message, { model }, options);
    this.isFinal = options.isFinal ?? false;
  }
}
