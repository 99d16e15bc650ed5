import { forbidden } from './policy/forbidden-numbers.ts';
import { NumberList } from './policy/number-list.ts';

/** Where a call may be transferred to; to the owner, where no number is named. Settled by configuration alone. */
export interface TransferNumbers {
  readonly ownerNumber: string | null;
  readonly transferNumbers: readonly string[];
}

/** @param number as a client writes it; only E.164 is ever allowed, and none that is never dialed, whatever the lists say */
export function isTransferNumber(number: string, { ownerNumber, transferNumbers }: TransferNumbers): boolean {
  return (
    forbidden(number) === undefined &&
    (number === ownerNumber || new NumberList(transferNumbers).includes(number))
  );
}
