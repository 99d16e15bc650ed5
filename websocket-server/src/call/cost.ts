/** What a voice model used up for one response, or for writing down one turn. Counts are tokens. */
export interface VoiceUsage {
  readonly of: 'conversation' | 'transcription';
  /** As the vendor names it. */
  readonly model: string;
  /** Tokens read, those from the cache counted too. */
  readonly input: TokenCounts;
  /** The part of `input` that came from the cache. */
  readonly cached: TokenCounts;
  readonly output: TokenCounts;
  /** Audio billed by its length, in s; null when tokens are counted. */
  readonly seconds: number | null;
  /** False when the parts do not add up to the vendor's totals: then no price can be told. */
  readonly isDetailed: boolean;
}

export interface TokenCounts {
  readonly text: number;
  readonly audio: number;
  readonly image: number;
}

export const noTokens: TokenCounts = { text: 0, audio: 0, image: 0 };

/** What a call has cost so far. Null stands for what is not known, never for nothing. */
export interface CallCost {
  readonly currency: 'USD';
  /** Both parts together; null when one is not known. */
  readonly usd: number | null;
  readonly modelUsd: number | null;
  readonly carrierUsd: number | null;
  /** True until the carrier has told its price. */
  readonly isEstimate: boolean;
  /** Why a part is not known; null when both are. */
  readonly unknown: string | null;
}

export const noCost: CallCost = {
  currency: 'USD',
  usd: 0,
  modelUsd: 0,
  carrierUsd: 0,
  isEstimate: true,
  unknown: null,
};

/** @param usd what the usage cost; null when its price is not known */
export function withUsage(cost: CallCost, usage: VoiceUsage, usd: number | null): CallCost {
  const modelUsd = sum(cost.modelUsd, usd);
  const unknown = usd === null ? `The price of the voice model "${usage.model}" is not known.` : null;
  return { ...cost, modelUsd, usd: sum(modelUsd, cost.carrierUsd), unknown: cost.unknown ?? unknown };
}

/**
 * @param carrierUsd the carrier's whole part so far; null when its rate is not known
 * @returns the same object when it brings nothing new: an estimate never replaces the carrier's own price
 */
export function withCarrierCost(cost: CallCost, carrierUsd: number | null, isEstimate: boolean): CallCost {
  if (isEstimate && !cost.isEstimate) return cost;
  if (cost.carrierUsd === carrierUsd && cost.isEstimate === isEstimate) return cost;
  const usd = sum(cost.modelUsd, carrierUsd);
  if (carrierUsd === null) {
    const unknown = cost.unknown ?? 'The carrier’s rate for this call is not known.';
    return { ...cost, carrierUsd, usd, isEstimate, unknown };
  }
  return { ...cost, carrierUsd, usd, isEstimate, unknown: cost.modelUsd === null ? cost.unknown : null };
}

/** The parts that are known, in USD. */
export function knownUsd({ modelUsd, carrierUsd }: CallCost): number {
  return sum(modelUsd ?? 0, carrierUsd ?? 0) ?? 0;
}

/** Beyond this, digits are an artefact of adding binary fractions: a token costs a ten-millionth of a dollar or more. */
const fractionDigits = 9;

function sum(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : Number((one + other).toFixed(fractionDigits));
}
