import type { OwnTool } from '../agent/own-tool.ts';
import { reasonOfSilence } from '../lib/connection-advice.ts';
import { ownConnection } from '../lib/own-connection.ts';
import type { Runtime } from '../lib/runtime.ts';
import { signatureHeaders } from '../lib/webhook-signature.ts';

export interface ToolRequest {
  readonly callId: string;
  readonly toolCallId: string;
  readonly name: string;
  /** JSON as the model wrote it; it need not be any. */
  readonly arguments: string;
}

/** In characters. More would cost the model's patience and the owner's money. */
const longestOutput = 8000;
const cut = ' [The answer was longer and is cut off here: ask for less at a time if the rest matters.]';
const failed = 'Go on without it, and promise nothing that depends on it.';

/**
 * Asks the address of an owner's tool for its answer, once. Never rejects: what went wrong is told to the agent.
 *
 * @param secrets `whsec_…`: what the request is signed with, as events are; none: it is not signed
 * @returns what the agent is told
 */
export async function askToolWebhook(
  { url, timeoutSeconds }: Extract<OwnTool['answer'], { by: 'webhook' }>,
  request: ToolRequest,
  { fetch, clock, log }: Pick<Runtime, 'fetch' | 'clock' | 'log'>,
  secrets: readonly string[] = [],
): Promise<string> {
  const abort = new AbortController();
  const forgetLimit = clock.after(timeoutSeconds * 1000, () => abort.abort());
  const body = JSON.stringify({
    type: 'tool.called',
    ...request,
    arguments: parsedArguments(request.arguments),
  });
  const id = `${request.callId}_${request.toolCallId}`;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...ownConnection,
        ...signatureHeaders(secrets, id, clock.now(), body),
      },
      body,
      redirect: 'error',
      signal: abort.signal,
    });
    const text = await outputOf(response);
    if (response.ok) return text === '' ? 'Done.' : text;
    log.warn('a tool’s address answered with an error', { tool: request.name, status: response.status });
    return `The tool failed (HTTP status ${response.status}). ${failed}`;
  } catch (error) {
    const why = abort.signal.aborted ? `no answer within ${timeoutSeconds} s` : reasonOfSilence(error);
    log.warn('a tool’s address could not be asked', { tool: request.name, why });
    return `The tool did not answer (${why}). ${failed}`;
  } finally {
    forgetLimit();
  }
}

/** The answer as far as the agent is told of it; what comes far behind that is not waited for. */
async function outputOf(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of response.body ?? []) {
    text += decoder.decode(bytes, { stream: true });
    if (text.length > 2 * longestOutput) break;
  }
  const output = (text + decoder.decode()).trim();
  return output.length > longestOutput ? output.slice(0, longestOutput) + cut : output;
}

function parsedArguments(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
