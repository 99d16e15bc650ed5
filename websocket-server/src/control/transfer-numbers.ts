import { isE164 } from './policy/forbidden-numbers.ts';
import { NumberList } from './policy/number-list.ts';

/** Where a call may be transferred to; to the owner, where no number is named. Settled by configuration alone. */
export interface TransferNumbers {
  readonly ownerNumber: string | null;
  readonly transferNumbers: readonly string[];
}

/** @param number as a client writes it; only E.164 is ever allowed */
export function isTransferNumber(number: string, { ownerNumber, transferNumbers }: TransferNumbers): boolean {
  return isE164(number) && (number === ownerNumber || new NumberList(transferNumbers).includes(number));
}
