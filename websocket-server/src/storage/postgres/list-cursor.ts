import { InvalidRequest } from '../../lib/errors.ts';

/** The last call of a page: the next page holds what was requested before it. */
export interface ListCursor {
  /** ms since 1970. */
  readonly requestedAt: number;
  readonly callId: string;
}

export function writeCursor({ requestedAt, callId }: ListCursor): string {
  return Buffer.from(JSON.stringify([requestedAt, callId])).toString('base64url');
}

/** @throws InvalidRequest for anything that `writeCursor` did not write */
export function readCursor(text: string): ListCursor {
  const [requestedAt, callId] = parsedArray(text);
  if (
    typeof requestedAt === 'number' &&
    Number.isSafeInteger(requestedAt) &&
    typeof callId === 'string' &&
    !callId.includes('\0') &&
    writeCursor({ requestedAt, callId }) === text
  ) {
    return { requestedAt, callId };
  }
  throw new InvalidRequest(
    'The cursor is not one that a list of calls gave out. Pass "nextCursor" of an earlier page, or leave it out to begin with the newest call.',
  );
}

function parsedArray(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
