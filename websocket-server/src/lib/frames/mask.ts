/**
 * Masks bytes in place, or unmasks them (RFC 6455, 5.3). Four at a time: all audio passes here, and a loop over single
 * bytes takes twice as long.
 *
 * @param from where the masked bytes begin; the mask lies in the four before
 */
export function applyMask(bytes: Uint8Array, from: number, end: number): void {
  const first = bytes[from - 4] as number;
  const second = bytes[from - 3] as number;
  const third = bytes[from - 2] as number;
  const fourth = bytes[from - 1] as number;
  let at = from;
  for (const lastFour = end - 3; at < lastFour; at += 4) {
    bytes[at] = (bytes[at] as number) ^ first;
    bytes[at + 1] = (bytes[at + 1] as number) ^ second;
    bytes[at + 2] = (bytes[at + 2] as number) ^ third;
    bytes[at + 3] = (bytes[at + 3] as number) ^ fourth;
  }
  if (at < end) bytes[at] = (bytes[at] as number) ^ first;
  if (at + 1 < end) bytes[at + 1] = (bytes[at + 1] as number) ^ second;
  if (at + 2 < end) bytes[at + 2] = (bytes[at + 2] as number) ^ third;
}
