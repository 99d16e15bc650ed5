/**
 * A table of countries as text: `AD 110 112 | AE 999`, entries between bars or lines.
 *
 * @returns what stands behind each ISO code
 */
export function countryTable(text: string): ReadonlyMap<string, readonly string[]> {
  const entries = text.split(/[|\n]/).map((entry) => entry.trim().split(/\s+/));
  return new Map(entries.map(([country = '', ...values]) => [country, values] as const));
}
