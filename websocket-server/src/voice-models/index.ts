import type { Config } from '../config.ts';
import type { Runtime } from '../lib/runtime.ts';
import { createOpenAiRealtime } from './openai-realtime/index.ts';
import type { VoiceModel } from './voice-model.ts';

/** The voice model that the settings choose. */
export function createVoiceModel(config: Config, runtime: Runtime): VoiceModel {
  return createOpenAiRealtime(config.openai, runtime);
}
