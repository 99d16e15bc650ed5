const steps = [2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];
const lengths = [20, 30, 45, 60, 90, 120, 180, 240, 300];

/** Whole times to write under a drawing, in s from its beginning: as many as leave each some 64 px. */
export function timeTicks(lengthMs: number, widthPx: number): readonly number[] {
  const most = Math.max(2, Math.floor(widthPx / 64));
  const seconds = lengthMs / 1000;
  const step = steps.find((one) => seconds / one <= most) ?? Math.ceil(seconds / most / 3600) * 3600;
  return Array.from({ length: Math.floor(seconds / step) + 1 }, (_, index) => index * step);
}

/** How much time is drawn of a call that grows, in ms: a length that stays for a while. */
export function roomyLength(ms: number): number {
  const seconds = ms / 1000;
  return 1000 * (lengths.find((one) => one >= seconds) ?? Math.ceil(seconds / 300) * 300);
}

/** The places whose labels have room, each so far from the one before. @param places in px, in order */
export function placesWithRoom(places: readonly number[], roomPx: number): ReadonlySet<number> {
  const chosen = new Set<number>();
  let last = -Infinity;
  for (const [index, place] of places.entries()) {
    if (place - last < roomPx) continue;
    chosen.add(index);
    last = place;
  }
  return chosen;
}
