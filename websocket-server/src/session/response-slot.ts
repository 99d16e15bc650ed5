/**
 * The model speaks one response at a time, and voice detection starts responses too. So whoever wants one asks
 * here, and a request waits for the slot: requests that wait are one request.
 */
export interface ResponseSlot {
  readonly active: string | null;
  /** Our request on its way to the model, not yet answered by a started response. */
  readonly requested: SlotRequest | null;
  /** Our request that the active response was taken to answer. If the model refuses it yet, the response was another. */
  readonly begun: SlotRequest | null;
  readonly waiting: SlotRequest | null;
  readonly nextRequestNumber: number;
}

export interface SlotRequest {
  readonly requestId: string;
  readonly instructions: string | undefined;
  /** It is to be said even where voice detection has the person answered in the same moment. */
  readonly insists: boolean;
}

export const freeSlot: ResponseSlot = {
  active: null,
  requested: null,
  begun: null,
  waiting: null,
  nextRequestNumber: 1,
};

/** Stands for a response that is active though nobody told us of it. */
const unknownResponse = '?';

export interface SlotStep {
  readonly slot: ResponseSlot;
  /** To be sent to the model now. */
  readonly send?: SlotRequest | undefined;
}

export function isBusy(slot: ResponseSlot): boolean {
  return slot.active !== null || slot.requested !== null;
}

/**
 * @param instructions for this response only; of several that wait, the latest that has any counts
 * @param insists it is not served by a response of voice detection
 */
export function request(slot: ResponseSlot, instructions?: string, insists = false): SlotStep {
  const { slot: next, wanted } = numbered(slot, instructions, insists);
  if (isBusy(slot)) return { slot: { ...next, waiting: wanted } };
  return { slot: { ...next, requested: wanted, waiting: null }, send: wanted };
}

/** As `request`, to be sent when the next response has ended, whoever asked for that one. */
export function waits(slot: ResponseSlot, instructions?: string, insists = false): SlotStep {
  const { slot: next, wanted } = numbered(slot, instructions, insists);
  return { slot: { ...next, waiting: wanted } };
}

function numbered(slot: ResponseSlot, instructions: string | undefined, insists: boolean) {
  const requestId = `r${slot.nextRequestNumber}`;
  const wanted: SlotRequest =
    instructions === undefined && slot.waiting !== null
      ? { ...slot.waiting, requestId }
      : { requestId, instructions, insists };
  return { slot: { ...slot, nextRequestNumber: slot.nextRequestNumber + 1 }, wanted };
}

/** A response began: ours, or one of voice detection, which then serves whoever waits without special wishes. */
export function started(slot: ResponseSlot, responseId: string): ResponseSlot {
  const waiting = slot.waiting?.instructions === undefined ? null : slot.waiting;
  return { ...slot, active: responseId, requested: null, begun: slot.requested, waiting };
}

/**
 * A response ended; `responseId` may never have been told as started.
 *
 * @param holdsBack the person speaks: what is insisted on waits for the answer that they get
 */
export function ended(slot: ResponseSlot, responseId: string, holdsBack = false): SlotStep {
  const isOther = slot.active !== null && slot.active !== unknownResponse && slot.active !== responseId;
  if (isOther) return { slot };
  const { waiting } = slot;
  const free = { ...slot, active: null };
  const isHeldBack = holdsBack && waiting?.insists === true;
  if (waiting === null || isHeldBack || slot.requested !== null) return { slot: free };
  return { slot: { ...free, requested: waiting, waiting: null }, send: waiting };
}

/**
 * The model refused our request because another response is active: wait for that one's end. One of voice detection that
 * began in the same moment was taken for ours, and serves whoever does not insist.
 */
export function refused(slot: ResponseSlot, requestId: string): SlotStep {
  const { requested, begun, waiting } = slot;
  if (requested?.requestId === requestId) {
    const active = slot.active ?? unknownResponse;
    return { slot: { ...slot, requested: null, waiting: waiting ?? requested, active } };
  }
  if (begun?.requestId !== requestId || !begun.insists) return { slot };
  const next = { ...slot, begun: null, waiting: waiting?.instructions === undefined ? begun : waiting };
  if (isBusy(slot)) return { slot: next };
  return { slot: { ...next, requested: next.waiting, waiting: null }, send: next.waiting };
}

/** What was asked for and not begun is no longer wanted. */
export function unwanted(slot: ResponseSlot): ResponseSlot {
  return { ...slot, begun: null, waiting: null };
}

/** Gives up a request that was never answered, so that a new one can be made. */
export function abandoned(slot: ResponseSlot): ResponseSlot {
  return { ...slot, requested: null, begun: null, active: null, waiting: null };
}
