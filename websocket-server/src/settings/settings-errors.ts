import { TelephoneError } from '../lib/errors.ts';

/** Some settings cannot be taken. `fields` has a sentence for each, by its path, e.g. `tools.0.name`. */
export class InvalidSettings extends TelephoneError {
  constructor(fields: Readonly<Record<string, string>>) {
    const sentences = Object.entries(fields).map(([field, sentence]) => `${field}: ${sentence}`);
    super('invalid-settings', sentences.join(' '), { fields });
  }
}

/** Somebody else saved settings meanwhile: nothing was saved. */
export class SettingsChanged extends TelephoneError {
  constructor(version: number) {
    super(
      'settings-changed',
      'The settings were changed elsewhere meanwhile. Load them again, then make your change once more.',
      { version },
    );
  }
}
