import { askServer, unreadable } from './ask-server.ts';

/** A number that is never called again. */
export interface BarredNumber {
  readonly number: string;
  /** ms since 1970. */
  readonly addedAt: number;
  /** `person`: they asked for it in a call. */
  readonly addedBy: string;
  readonly callId: string | null;
  readonly note: string | null;
}

export interface BarredPage {
  readonly entries: readonly BarredNumber[];
  /** Give it as `after` to go on; null at the end. */
  readonly nextCursor: string | null;
}

export async function readBarred(after: string | null, signal?: AbortSignal): Promise<BarredPage> {
  const query = new URLSearchParams({ limit: '100', ...(after === null ? {} : { after }) });
  const body = await askServer(`/api/do-not-call?${query}`, signal === undefined ? {} : { signal });
  if (!Array.isArray(body.entries)) throw unreadable();
  return {
    entries: body.entries as readonly BarredNumber[],
    nextCursor: typeof body.nextCursor === 'string' ? body.nextCursor : null,
  };
}

/** @throws ServerRefused for what is no phone number */
export async function barNumber(number: string, note: string): Promise<void> {
  await askServer('/api/do-not-call', {
    method: 'POST',
    body: { number, ...(note === '' ? {} : { note }) },
  });
}

export async function allowNumber(number: string): Promise<void> {
  await askServer(`/api/do-not-call/${encodeURIComponent(number)}`, { method: 'DELETE' });
}
