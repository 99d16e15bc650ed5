import type { Config } from '../../../config/config.ts';
import type { Runtime } from '../../../lib/runtime.ts';
import type { VoiceModelSetup } from '../../voice-model-setup.ts';
import { accessCheck } from './access-check.ts';
import { askForModel, type ModelAnswer } from './models-api.ts';
import { shutdownCheck } from './shutdown-check.ts';

/** Voices of the Realtime API; OpenAI recommends the first two (OpenAI guides, realtime). */
const voices = ['marin', 'cedar', 'alloy', 'ash', 'ballad', 'coral', 'echo', 'sage', 'shimmer', 'verse'];
const models = ['gpt-realtime-2.1', 'gpt-realtime-2.1-mini', 'gpt-realtime-2', 'gpt-realtime-1.5'];

/** @param model the model of the next call */
export function createOpenAiSetup(
  config: Pick<Config, 'openai' | 'demo'>,
  runtime: Runtime,
  model: () => string,
): VoiceModelSetup {
  return {
    voices,
    models,
    checks() {
      let answer: Promise<ModelAnswer> | undefined;
      const questions = {
        model,
        chosen: () => (answer ??= askForModel(config.openai, model(), runtime)),
        all: () => askForModel(config.openai, '', runtime),
        isSimulated: config.demo.voiceModel,
      };
      return [accessCheck(questions), shutdownCheck(questions, runtime.clock.now)];
    },
  };
}
