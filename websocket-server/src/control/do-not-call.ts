import { InvalidRequest } from '../lib/errors.ts';
import type { Clock } from '../lib/runtime.ts';
import type { DoNotCallEntry, DoNotCallList, DoNotCallPage } from '../storage/do-not-call-list.ts';
import { isE164 } from './policy/forbidden-numbers.ts';

const longestNote = 500;

/** The operator's hand on the list of numbers that are never called again. */
export interface DoNotCallControl {
  page(query: { readonly limit: number; readonly after?: string | undefined }): Promise<DoNotCallPage>;
  /**
   * @returns `wasAdded` false when the number was on the list already
   * @throws InvalidRequest when it is no phone number
   */
  add(
    number: string,
    note: string | null,
  ): Promise<{ readonly entry: DoNotCallEntry; readonly wasAdded: boolean }>;
  /** @returns false when the number was not on the list; @throws InvalidRequest */
  remove(number: string): Promise<boolean>;
}

export class DoNotCall implements DoNotCallControl {
  readonly #list: DoNotCallList;
  readonly #clock: Clock;

  constructor(list: DoNotCallList, clock: Clock) {
    this.#list = list;
    this.#clock = clock;
  }

  page(query: { readonly limit: number; readonly after?: string | undefined }): Promise<DoNotCallPage> {
    return this.#list.page(query);
  }

  async add(number: string, note: string | null) {
    const entry: DoNotCallEntry = {
      number: phoneNumber(number),
      addedAt: this.#clock.now(),
      addedBy: 'operator',
      callId: null,
      note: note?.trim().replaceAll('\0', '').slice(0, longestNote) || null,
    };
    return { entry, wasAdded: await this.#list.add(entry) };
  }

  remove(number: string): Promise<boolean> {
    return this.#list.remove(phoneNumber(number));
  }
}

/** @returns E.164. @throws InvalidRequest when it is no phone number */
export function phoneNumber(text: string): string {
  const number = text.replaceAll(/[\s().-]/g, '');
  if (isE164(number)) return number;
  throw new InvalidRequest(
    '"number" must be a phone number in E.164 form: a plus, the country code and the number, e.g. +14155550123 (%2B14155550123 in an address).',
  );
}
