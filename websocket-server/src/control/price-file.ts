import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { InvalidConfig } from '../lib/config-problems.ts';
import { priceTable, simulatedPriceTable } from './price-table.ts';
import { withChanges } from './prices.ts';
import type { PriceList } from './prices.ts';

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

/**
 * The built-in prices, with those of a JSON file over them.
 *
 * @param path null for the built-in ones alone
 * @param isSimulated the phone network is: then every number has a price
 * @throws InvalidConfig when the file cannot be read or is not what it should be
 */
export async function loadPrices(path: string | null, isSimulated: boolean): Promise<PriceList> {
  const builtIn = isSimulated ? simulatedPriceTable : priceTable;
  if (path === null) return builtIn;
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    const why = error instanceof SyntaxError ? 'is not JSON' : 'cannot be read';
    throw problem(`The file ${path} ${why}: name a JSON file of prices, or unset it.`);
  }
  const read = priceFile.safeParse(value);
  if (read.success) return withChanges(builtIn, read.data);
  const problems = read.error.issues.map(({ path: where, message }) => `${where.join('.')}: ${message}`);
  throw problem(`The file ${path} is not a list of prices: ${problems.join('; ')}.`);
}

function problem(message: string): InvalidConfig {
  return new InvalidConfig([{ variable: 'PRICES_FILE', message }]);
}
