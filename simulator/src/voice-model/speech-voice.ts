import type { Voice } from '../speech/speech.ts';
import type { SessionSettings } from './wire.ts';

/** The model's voices are many, the synthesiser's few. */
export function speechVoiceOf(voice: SessionSettings['audio']['output']['voice']): Voice {
  if (voice === 'cedar' || voice === 'echo' || voice === 'ash') return 'kal16';
  return voice === 'ballad' || voice === 'verse' ? 'awb' : 'rms';
}
