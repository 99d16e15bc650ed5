/** The keys of a phone with the letters on them, row by row. */
export const phoneKeys: readonly (readonly [key: string, letters: string])[] = [
  ['1', ''],
  ['2', 'ABC'],
  ['3', 'DEF'],
  ['4', 'GHI'],
  ['5', 'JKL'],
  ['6', 'MNO'],
  ['7', 'PQRS'],
  ['8', 'TUV'],
  ['9', 'WXYZ'],
  ['*', ''],
  ['0', '+'],
  ['#', ''],
];

/** How a key that is no digit is called. */
export const keyNames: Readonly<Record<string, string>> = { '*': 'Star', '#': 'Hash' };

/** The key to which an arrow leads; undefined for what is no arrow. @param index of the key it comes from */
export function movedKey(index: number, arrow: string, columns: number): number | undefined {
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
  };
  const step = steps[arrow];
  if (step === undefined) return undefined;
  const moved = index + step;
  return moved < 0 || moved >= phoneKeys.length ? index : moved;
}
