import type { Brain } from './brain.ts';

/** How far it has come: the wish is told as soon as the other has said anything, and once. */
export interface OneWishState {
  readonly isTold: boolean;
}

/** Someone who answers the phone, has one wish whatever the other wants, and takes leave when it was heard. */
export function oneWish(words: {
  readonly greeting: string;
  readonly wish: string;
  readonly thanks: string;
}): Brain<OneWishState> {
  return {
    greeting: words.greeting,
    start: { isTold: false },
    reply: ({ isTold }) => ({
      state: { isTold: true },
      reply: isTold ? { say: words.thanks, afterwards: 'leave' } : { say: words.wish, afterwards: 'wait' },
    }),
  };
}
