/**
 * Keys as people and models write them, in the words of the port: `w` waits 0.5 s, `W` 1 s. A comma is a pause, as in
 * dial strings; blanks and hyphens only part the keys. What cannot be pressed is left in.
 */
export function pressable(keys: string): string {
  return keys.replaceAll(/[\s-]/g, '').replaceAll(',', 'w');
}
