import type { Direction } from '../call/call.ts';
import type { VoiceUsage } from '../call/cost.ts';

/** What models and carriers take. By name; a name that is missing has no price that we know. */
export interface PriceList {
  readonly models: Readonly<Record<string, ModelPrice>>;
  readonly carriers: Readonly<Record<string, CarrierRates>>;
}

export type ModelPrice = TokenPrice | MinutePrice;

/** USD per million tokens. */
export interface TokenPrice {
  readonly textIn: number;
  readonly cachedTextIn: number;
  readonly textOut: number;
  readonly audioIn: number;
  readonly cachedAudioIn: number;
  readonly audioOut: number;
  readonly imageIn: number;
}

/** USD per minute of the audio that a model listens to. */
export interface MinutePrice {
  readonly perMinute: number;
}

/** USD per started minute, by the first digits of the other party's number when outbound, of ours when inbound. */
export interface CarrierRates {
  readonly outbound: RatesByPrefix;
  readonly inbound: RatesByPrefix;
}

/** The longest prefix counts, `+` stands for all numbers; null: numbers with a rate of their own that is not known. */
export type RatesByPrefix = Readonly<Record<string, number | null>>;

const tokensPerPrice = 1_000_000;
/** OpenAI counts a token for each 100 ms that a model listens to (OpenAI Realtime costs guide). */
const audioTokensPerSecond = 10;

/** @returns USD; null when the model's price is not known, or the vendor's count is not complete */
export function usdOfUsage(usage: VoiceUsage, prices: PriceList): number | null {
  const price = priceOfModel(usage.model, prices);
  if (price === undefined) return null;
  if ('perMinute' in price) return usdOfMinutes(usage, price);
  if (!usage.isDetailed || usage.seconds !== null) return null;
  const { input, cached, output } = usage;
  const millionths =
    Math.max(0, input.text - cached.text) * price.textIn +
    cached.text * price.cachedTextIn +
    Math.max(0, input.audio - cached.audio) * price.audioIn +
    cached.audio * price.cachedAudioIn +
    input.image * price.imageIn +
    output.text * price.textOut +
    output.audio * price.audioOut;
  return millionths / tokensPerPrice;
}

/** A snapshot, e.g. `gpt-realtime-2026-05-01`, costs what the model costs that it is one of. */
export function priceOfModel(model: string, prices: PriceList): ModelPrice | undefined {
  return own(prices.models, model) ?? own(prices.models, model.replace(/-\d{4}-\d{2}-\d{2}$/, ''));
}

/** @returns USD for each started minute; null when it is not known */
export function ratePerMinute(
  leg: { readonly carrier: string; readonly direction: Direction; readonly to: string },
  prices: PriceList,
): number | null {
  const rates = own(prices.carriers, leg.carrier)?.[leg.direction];
  if (rates === undefined) return null;
  // `to` is the other party's number when we rang, and ours when they did.
  for (let length = leg.to.length; length > 0; length--) {
    const rate = own(rates, leg.to.slice(0, length));
    if (rate !== undefined) return rate;
  }
  return null;
}

/** A list with more or other entries; those of `changes` stand. */
export function withChanges(prices: PriceList, changes: Partial<PriceList>): PriceList {
  const carriers = Object.entries(changes.carriers ?? {}).map(([name, rates]) => {
    const before = own(prices.carriers, name);
    const outbound = { ...before?.outbound, ...rates.outbound };
    return [name, { outbound, inbound: { ...before?.inbound, ...rates.inbound } }] as const;
  });
  return {
    models: { ...prices.models, ...changes.models },
    carriers: { ...prices.carriers, ...Object.fromEntries(carriers) },
  };
}

function usdOfMinutes({ of, seconds, input, isDetailed }: VoiceUsage, price: MinutePrice): number | null {
  if (of !== 'transcription' || !isDetailed) return null;
  return ((seconds ?? input.audio / audioTokensPerSecond) / 60) * price.perMinute;
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
