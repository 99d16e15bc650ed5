import { InvalidRequest } from '../lib/errors.ts';

/** Where a client has read a call's turns up to. Opaque to clients; a letter first, so that none takes it for a number. */
export function cursorAt(sequence: number): string {
  return `c${sequence}`;
}

/**
 * @returns the sequence number that `cursorAt` was given; undefined without a cursor
 * @throws InvalidRequest
 */
export function sequenceOf(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined;
  if (!/^c\d{1,15}$/.test(cursor)) throw badCursor();
  return Number(cursor.slice(1));
}

export function badCursor(): InvalidRequest {
  return new InvalidRequest(
    '"after" must be the "cursor" of an earlier answer about this very call: copy it unchanged, or leave "after" out to start from the beginning.',
  );
}
