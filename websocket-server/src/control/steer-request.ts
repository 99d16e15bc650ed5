import { pressable } from '../agent/pressable-keys.ts';
import type { TransferMode } from '../call/call.ts';
import { InvalidRequest, NotPermitted } from '../lib/errors.ts';
import type { SteerRequest } from './call-control.ts';
import { isTransferNumber } from './transfer-numbers.ts';
import type { TransferNumbers } from './transfer-numbers.ts';

/** Longest text that the owner may give the agent at a time. */
export const longestWords = 2000;

/** The actions as clients name them, each with one text as its value. */
export const steerActions = ['say', 'guide', 'press', 'hold', 'resume', 'transfer', 'hang_up'] as const;

/** A client's words for steering, as a request. @param value words, keys, or a number; '' where none is needed */
export function steerRequestOf(
  action: (typeof steerActions)[number],
  value: string,
  mode?: TransferMode,
): SteerRequest {
  switch (action) {
    case 'say':
    case 'guide':
      return { action, text: value };
    case 'press':
      return { action, digits: value };
    case 'transfer':
      return { action, to: value === '' ? undefined : value, mode };
    default:
      return { action };
  }
}

export interface CheckedTransfer {
  readonly action: 'transfer';
  readonly to: string;
  readonly mode: TransferMode;
}

/**
 * A request to steer a call, with its value checked. Where a call may be transferred is settled by configuration and
 * by nothing that is said on the phone.
 *
 * @throws InvalidRequest, NotPermitted with a sentence that says what to change
 */
export function checkedSteering(
  request: SteerRequest,
  allowed: TransferNumbers,
): Exclude<SteerRequest, { action: 'transfer' }> | CheckedTransfer {
  switch (request.action) {
    case 'say':
    case 'guide': {
      const text = request.text.trim().slice(0, longestWords);
      if (text === '') throw new InvalidRequest(`"${request.action}" needs words in "value".`);
      return { action: request.action, text };
    }
    case 'press': {
      const digits = pressable(request.digits);
      if (!/^[0-9*#wW]{1,32}$/.test(digits)) {
        throw new InvalidRequest(
          '"press" needs 1 to 32 keys in "value": 0-9, *, #, and w or a comma for a pause of half a second.',
        );
      }
      return { action: 'press', digits };
    }
    case 'transfer': {
      const to = request.to?.replaceAll(/[\s().-]/g, '') || allowed.ownerNumber;
      if (to === null || !isTransferNumber(to, allowed)) {
        throw new NotPermitted(
          'transfer',
          'A call can be transferred only to the owner’s number and to those that the operator has allowed. The operator sets them by OWNER_PHONE_NUMBER and TRANSFER_NUMBERS.',
        );
      }
      return { action: 'transfer', to, mode: request.mode ?? 'cold' };
    }
    default:
      return request;
  }
}
