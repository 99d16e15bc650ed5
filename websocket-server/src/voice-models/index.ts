import type { Config } from '../config/config.ts';
import type { Runtime } from '../lib/runtime.ts';
import { createOpenAiRealtime } from './openai-realtime/index.ts';
import { createOpenAiSetup } from './openai-realtime/setup/index.ts';
import type { VoiceModelSetup } from './voice-model-setup.ts';
import type { VoiceModel } from './voice-model.ts';

/** The voice model that the settings choose. */
export function createVoiceModel(config: Config, runtime: Runtime): VoiceModel {
  return createOpenAiRealtime(config.openai, runtime);
}

/** @param model the model of the next call */
export function createVoiceModelSetup(
  config: Config,
  runtime: Runtime,
  model: () => string,
): VoiceModelSetup {
  return createOpenAiSetup(config, runtime, model);
}
