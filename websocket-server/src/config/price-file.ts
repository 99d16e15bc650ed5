import { z } from 'zod';
import type { EnvironmentReader } from '../lib/environment-reader.ts';
import { faultsIn } from './file-faults.ts';

const usd = z.number().nonnegative();
const tokenPrice = z.strictObject({
  textIn: usd,
  cachedTextIn: usd,
  textOut: usd,
  audioIn: usd,
  cachedAudioIn: usd,
  audioOut: usd,
  imageIn: usd,
});
const rates = z.record(z.string().regex(/^\+\d*$/, 'a prefix is a plus and digits'), usd.nullable());
const priceFile = z.strictObject({
  models: z.record(z.string(), z.union([tokenPrice, z.strictObject({ perMinute: usd })])).default({}),
  carriers: z
    .record(z.string(), z.strictObject({ outbound: rates.default({}), inbound: rates.default({}) }))
    .default({}),
});

/** Prices that stand over the built-in ones, by model and by carrier. */
export type OwnPrices = z.output<typeof priceFile>;

/** @returns null where no file is set */
export function readPriceFile(reader: EnvironmentReader): OwnPrices | null {
  const file = reader.jsonFile('PRICES_FILE');
  if (file === undefined) return null;
  const read = priceFile.safeParse(file.value);
  if (read.success) return read.data;
  const rule =
    'It has "models", each with "perMinute" or with all of "textIn", "cachedTextIn", "textOut", "audioIn", "cachedAudioIn", "audioOut" and "imageIn", and "carriers", each with "outbound" and "inbound" by the first digits of numbers; all in USD.';
  reader.problem('PRICES_FILE', `In the file ${file.path}: ${faultsIn(read.error)}. ${rule}`);
  return null;
}
