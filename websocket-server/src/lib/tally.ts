/** What is counted besides the events of calls. */
export type Counted =
  /** ms of silence that stood in for audio of the person that did not come. */
  | 'audio-padded'
  /** ms of audio that was lost. Kinds: `to-model`, `to-person`. */
  | 'audio-dropped'
  /** Kinds: `open-refused`, `open-failed`, `response-failed`, `problem`, `fatal-problem`. */
  | 'model-error'
  /** Calls that policy did not let be dialed. Kind: the rule. */
  | 'dial-refused'
  /** MCP messages that were not served. Kind: `missing-scope`. */
  | 'mcp-refused'
  /** Attempts to send an event to the operator's address. Kinds: `delivered`, `waiting` (to be tried again), `dead`. */
  | 'webhook-delivery'
  /** Media sockets that were turned away. Kinds: `bad-signature`, `bad-claim`, `no-start`, `too-many`. */
  | 'media-socket-refused';

export interface TallyEntry {
  readonly what: Counted;
  readonly kind: string;
  readonly amount: number;
}

/** Sums since the process started. Adding costs next to nothing, so the audio path may. */
export class Tally {
  readonly #sums = new Map<Counted, Map<string, number>>();

  /** @param kind one of a few fixed words, never anything that somebody sent */
  add(what: Counted, kind = '', amount = 1): void {
    let sums = this.#sums.get(what);
    if (sums === undefined) this.#sums.set(what, (sums = new Map<string, number>()));
    sums.set(kind, (sums.get(kind) ?? 0) + amount);
  }

  get entries(): readonly TallyEntry[] {
    return [...this.#sums].flatMap(([what, sums]) =>
      [...sums].map(([kind, amount]) => ({ what, kind, amount })),
    );
  }
}
