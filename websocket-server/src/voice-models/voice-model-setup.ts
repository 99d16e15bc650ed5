import type { Check } from '../lib/check.ts';

/** What there is to choose and to check about a voice model, apart from calls. */
export interface VoiceModelSetup {
  /** Names of voices that come with the model; others may exist. The recommended ones first. */
  readonly voices: readonly string[];
  /** Models to suggest; others may exist. */
  readonly models: readonly string[];
  /** The checks of one run, which may share what they were told. */
  checks(): readonly Check[];
}
