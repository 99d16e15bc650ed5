import { isRecord } from '../../../lib/is-record.ts';
import { ok, problem, skipped, type Check, type Finding } from '../../../lib/check.ts';
import { reasonOfSilence } from '../../../lib/connection-advice.ts';
import { meaningOfStatus } from '../refusals.ts';
import type { ModelAnswer } from './models-api.ts';

export interface ModelQuestions {
  readonly model: () => string;
  /** Asks for the chosen model; asked once however often it is called. */
  readonly chosen: () => Promise<ModelAnswer>;
  /** Asks for all models. */
  readonly all: () => Promise<ModelAnswer>;
  readonly isSimulated: boolean;
}

/** Whether the key may use the model. */
export function accessCheck(questions: ModelQuestions): Check {
  return {
    id: 'voice-model-access',
    title: 'Voice model',
    async run() {
      try {
        return await finding(questions, await questions.chosen());
      } catch (error) {
        return problem(
          `OpenAI cannot be reached: ${reasonOfSilence(error)}.`,
          'Check the network and OPENAI_BASE_URL.',
        );
      }
    },
  };
}

async function finding({ model, all, isSimulated }: ModelQuestions, answer: ModelAnswer): Promise<Finding> {
  if (answer.status === 200) {
    return isSimulated
      ? ok(`No OPENAI_API_KEY is set: a simulated ${model()} talks.`)
      : ok(`The API key may use ${model()}.`);
  }
  if (answer.status !== 404) return problem(meaningOfStatus(answer.status).sentence);
  const known = modelsIn(await all());
  // Endpoints that are only compatible often have no list of models; opening a session tells then.
  if (known === undefined) return skipped('This endpoint does not tell which models it has.');
  const suggestions = known.filter((id) => id.includes('realtime')).slice(0, 6);
  return problem(
    `The API key may not use ${model()}, or there is no such model.`,
    suggestions.length === 0
      ? 'Choose another model in the settings or by OPENAI_REALTIME_MODEL.'
      : `Choose another model in the settings or by OPENAI_REALTIME_MODEL, e.g. ${suggestions.join(', ')}.`,
  );
}

/** Ids of the models in a list; undefined when it is none. */
function modelsIn({ status, body }: ModelAnswer): readonly string[] | undefined {
  const rows = body?.['data'];
  if (status !== 200 || !Array.isArray(rows)) return undefined;
  return rows.flatMap((row) => (isRecord(row) && typeof row['id'] === 'string' ? [row['id']] : [])).sort();
}
