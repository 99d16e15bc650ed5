/** One fact that the call is to bring home. */
export interface ResultField {
  readonly id: number;
  readonly name: string;
  readonly kind: ResultKind;
}

export type ResultKind = 'string' | 'number' | 'boolean';

export const resultKinds: readonly (readonly [ResultKind, string])[] = [
  ['string', 'Words'],
  ['number', 'Number'],
  ['boolean', 'Yes or no'],
];

/**
 * The fields as the JSON Schema of the answer wanted.
 *
 * @returns undefined for no fields; a problem for a name that is given twice
 */
export function resultSchemaOf(
  fields: readonly ResultField[],
): Readonly<Record<string, unknown>> | undefined | { readonly problem: string } {
  const named = fields.flatMap(({ name, kind }) => {
    const words = name.trim();
    return words === ''
      ? []
      : [{ key: words.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '_'), words, kind }];
  });
  if (named.length === 0) return undefined;
  const twice = named.find(({ key }, index) => named.findIndex((other) => other.key === key) !== index);
  if (twice !== undefined) return { problem: `“${twice.words}” is asked for twice.` };
  return {
    type: 'object',
    properties: Object.fromEntries(
      named.map(({ key, words, kind }) => [key, { type: kind, description: words }]),
    ),
    required: named.map(({ key }) => key),
  };
}
