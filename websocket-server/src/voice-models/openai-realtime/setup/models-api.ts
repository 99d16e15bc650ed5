import type { Clock, Runtime } from '../../../lib/runtime.ts';
import { isRecord } from '../../../lib/is-record.ts';
import type { Config } from '../../../config/config.ts';

export interface ModelAnswer {
  /** HTTP status. */
  readonly status: number;
  /** The JSON of the answer; undefined when it is none. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

const answerMs = 10_000;

/**
 * Asks for a model, or with '' for the list of models (OpenAI API reference, models).
 *
 * @throws what `fetch` throws when no answer came
 */
export async function askForModel(
  { baseUrl, apiKey }: Pick<Config['openai'], 'baseUrl' | 'apiKey'>,
  model: string,
  { fetch, clock }: { readonly fetch: Runtime['fetch']; readonly clock: Clock },
): Promise<ModelAnswer> {
  const abort = new AbortController();
  const forgetLimit = clock.after(answerMs, () => abort.abort());
  try {
    const path = model === '' ? '' : `/${encodeURIComponent(model)}`;
    const response = await fetch(`${baseUrl}/models${path}`, {
      headers: { authorization: `Bearer ${apiKey}` },
      redirect: 'manual',
      signal: abort.signal,
    });
    const body: unknown = await response.json().catch(() => undefined);
    return { status: response.status, body: isRecord(body) ? body : undefined };
  } finally {
    forgetLimit();
  }
}
