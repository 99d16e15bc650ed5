import { isRecord } from './is-record.ts';
import { serverOrigin } from './server-address.ts';

/** The server said no, or could not be reached. `message` is a sentence for the person at the page. */
export class ServerRefused extends Error {
  /** The server's code, e.g. `call-not-found`; `unreachable` when no answer came. */
  readonly code: string;

  /** What explains the refusal, as the server gives it. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    message: string,
    options: ErrorOptions & { readonly details?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(message, options);
    this.name = 'ServerRefused';
    this.code = code;
    this.details = options.details ?? {};
  }
}

/** The sentence to show for a failure of any of the above. */
export function sentenceOf(failure: unknown): string {
  return failure instanceof ServerRefused ? failure.message : 'Something went wrong in this page. Reload it.';
}

/** Told to the window when the server no longer knows who asks: the login has ended. */
export const loggedOutEvent = 'telephone-logged-out';

interface AskOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/**
 * Asks the server.
 *
 * @param body sent as JSON
 * @returns the JSON object that it answered, empty when it answered with nothing
 * @throws ServerRefused
 */
export async function askServer(path: string, options: AskOptions = {}): Promise<Record<string, unknown>> {
  const response = await answerOf(path, options);
  if (response.status === 204) return {};
  const body: unknown = await response.json().catch(() => undefined);
  if (!isRecord(body)) throw unreadable();
  return body;
}

/** Asks the server for something that is no JSON. @throws ServerRefused */
export async function askForFile(path: string): Promise<Blob> {
  return (await answerOf(path, {})).blob();
}

/** @throws ServerRefused for any answer that is a refusal, or none */
async function answerOf(path: string, options: AskOptions): Promise<Response> {
  const { method = 'GET', body, signal } = options;
  let response: Response;
  try {
    response = await fetch(`${serverOrigin}${path}`, {
      method,
      cache: 'no-store',
      credentials: serverOrigin === '' ? 'same-origin' : 'include',
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (cause) {
    if (signal?.aborted === true) throw cause;
    throw new ServerRefused('unreachable', 'The server does not answer.', { cause });
  }
  if (response.status === 401) window.dispatchEvent(new Event(loggedOutEvent));
  if (!response.ok) throw refusal(response.status, await response.json().catch(() => undefined));
  return response;
}

function refusal(status: number, body: unknown): ServerRefused {
  const error = isRecord(body) && isRecord(body.error) ? body.error : {};
  return new ServerRefused(
    typeof error.code === 'string' ? error.code : `http-${status}`,
    typeof error.message === 'string' ? error.message : `The server answered with an error (${status}).`,
    isRecord(error.details) ? { details: error.details } : {},
  );
}

/** The server answered, but not what was asked for. */
export function unreadable(): ServerRefused {
  return new ServerRefused('unreadable', 'The server’s answer could not be read. Reload the page.');
}
