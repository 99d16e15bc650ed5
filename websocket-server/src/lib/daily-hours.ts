/** A part of every day, in minutes since midnight; the end is not part of it. */
export interface DailyHours {
  readonly from: number;
  readonly until: number;
}

/** @param text `8-21` or `08:30-20:00`; @returns undefined when it is no such thing, or empty */
export function readDailyHours(text: string): DailyHours | undefined {
  const found = /^(\d{1,2})(?::(\d{2}))?\s*-\s*(\d{1,2})(?::(\d{2}))?$/.exec(text);
  if (!found) return undefined;
  const [from, until] = [minuteOf(found[1], found[2]), minuteOf(found[3], found[4])];
  return from === undefined || until === undefined || from >= until ? undefined : { from, until };
}

export function isWithin({ from, until }: DailyHours, minute: number): boolean {
  return minute >= from && minute < until;
}

/** @returns `HH:MM-HH:MM` */
export function hoursText({ from, until }: DailyHours): string {
  return `${clockText(from)}-${clockText(until)}`;
}

/** @param minute since midnight; @returns `HH:MM` */
export function clockText(minute: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

function minuteOf(hour: string | undefined, minute = '0'): number | undefined {
  const value = Number(hour) * 60 + Number(minute);
  return Number(minute) < 60 && value <= 24 * 60 ? value : undefined;
}
