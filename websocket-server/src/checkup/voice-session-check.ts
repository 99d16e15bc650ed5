import { ok, type Check } from '../lib/check.ts';
import type { Clock } from '../lib/runtime.ts';
import type { VoiceListener, VoiceModel } from '../voice-models/voice-model.ts';

const nobody: VoiceListener = { audio: () => {}, event: () => {} };

/** Opens a session as a call does, and closes it before a word is spoken, so that it costs nothing. */
export function voiceSessionCheck(
  voiceModel: Pick<VoiceModel, 'open'>,
  choice: () => { readonly voice: string | null },
  clock: Clock,
): Check {
  return {
    id: 'voice-session',
    title: 'Voice session',
    async run() {
      const startedAt = clock.elapsed();
      const settings = { instructions: 'Say nothing.', language: null, tools: [], ...choice() };
      const session = await voiceModel.open(settings, nobody);
      session.close();
      return ok(
        `${session.model} took the settings of a call in ${Math.ceil(clock.elapsed() - startedAt)} ms.`,
      );
    },
  };
}
