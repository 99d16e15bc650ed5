import { reasonOfSilence } from '../../lib/connection-advice.ts';
import type { Runtime } from '../../lib/runtime.ts';
import { signatureHeaders } from '../../lib/webhook-signature.ts';
import { retryAfterMs } from './retry-schedule.ts';

export interface WebhookTarget {
  readonly url: string;
  /** `whsec_…`, the newest first. */
  readonly secrets: readonly string[];
}

export interface Answer {
  readonly isTaken: boolean;
  /** It will take nothing more of this kind: 410. */
  readonly isGone: boolean;
  /** null when there was none. */
  readonly status: number | null;
  /** Why it was not taken; null when it was. */
  readonly error: string | null;
  readonly retryAfterMs: number | undefined;
}

const answerWithinMs = 15_000;

/** Posts a message once. Never rejects. Redirects are not followed, and of the answer only the status is read. */
export async function postWebhook(
  { url, secrets }: WebhookTarget,
  { id, body }: { readonly id: string; readonly body: string },
  { fetch, clock }: Pick<Runtime, 'fetch' | 'clock'>,
  stopping?: AbortSignal,
): Promise<Answer> {
  const silence = new AbortController();
  const forgetLimit = clock.after(answerWithinMs, () => silence.abort());
  const failed = { isTaken: false, isGone: false, status: null, retryAfterMs: undefined };
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'mcp-telephone',
        ...signatureHeaders(secrets, id, clock.now(), body),
      },
      body,
      redirect: 'manual',
      signal: stopping === undefined ? silence.signal : AbortSignal.any([silence.signal, stopping]),
    });
    await response.body?.cancel().catch(() => undefined);
    const { status } = response;
    if (response.ok) return { ...failed, isTaken: true, status, error: null };
    return {
      ...failed,
      isGone: status === 410,
      status,
      error: refusalOf(status),
      retryAfterMs: retryAfterMs(response.headers.get('retry-after'), clock.now()),
    };
  } catch (error) {
    const why = silence.signal.aborted
      ? `no answer within ${answerWithinMs / 1000} s`
      : reasonOfSilence(error);
    return { ...failed, error: why };
  } finally {
    forgetLimit();
  }
}

function refusalOf(status: number): string {
  if (status >= 300 && status < 400) {
    return `It answered with a redirect (HTTP status ${status}), which is not followed: set EVENTS_WEBHOOK_URL to the final address.`;
  }
  return status === 410
    ? 'It answered that it is gone (HTTP status 410).'
    : `It answered with HTTP status ${status}.`;
}
