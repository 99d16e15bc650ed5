/** A time of day found in speech. */
export interface SpokenTime {
  /** As it was said, without punctuation behind it. */
  readonly text: string;
  /** Minutes after 12, on a twelve-hour clock: people say `8:30` and mean the evening. */
  readonly minutes: number;
}

const hours = [
  'twelve',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
];
const minuteWords: Readonly<Record<string, number>> = {
  fifteen: 15,
  thirty: 30,
  'forty-five': 45,
  'forty five': 45,
};
const hourWord = hours.join('|');

const pattern = new RegExp(
  [
    String.raw`\b(?<h>\d{1,2})[:.](?<m>[0-5]\d)(?:\s*[ap]\.?m\b)?`,
    String.raw`\b(?<hm>\d{1,2})\s*(?:[ap]\.?m\b|o'?\s?clock)`,
    String.raw`\b(?<half>half|quarter) (?<past>past|to) (?<hh>${hourWord}|\d{1,2})\b`,
    String.raw`\b(?<hw>${hourWord}) (?<mw>fifteen|thirty|forty[- ]five)\b(?:\s*[ap]\.?m\b)?`,
    String.raw`\b(?<ho>${hourWord})\s*(?:o'?\s?clock|[ap]\.?m\b)`,
    String.raw`\b(?<noon>noon|midnight)\b`,
  ].join('|'),
  'gi',
);

export function timesIn(text: string): SpokenTime[] {
  return [...text.matchAll(pattern)].map((match) => {
    const { h, m, hm, half, past, hh, hw, mw, ho, noon } = match.groups ?? {};
    const minutes = noon ? 0 : timeOf(h ?? hm ?? hh ?? hw ?? ho ?? '', m ?? mw, half, past);
    return { text: match[0].trim(), minutes: (minutes + 720) % 720 };
  });
}

function timeOf(
  hour: string,
  minute: string | undefined,
  half: string | undefined,
  past: string | undefined,
): number {
  const whole = (/^\d/.test(hour) ? Number(hour) : hours.indexOf(hour.toLowerCase())) * 60;
  if (half !== undefined) {
    const part = half.toLowerCase() === 'half' ? 30 : 15;
    return past?.toLowerCase() === 'to' ? whole - part : whole + part;
  }
  if (minute === undefined) return whole;
  return whole + (minuteWords[minute.toLowerCase()] ?? Number(minute));
}

/** @returns whether two texts name the same time of day, as far as they name any */
export function isSameTime(a: string, b: string): boolean {
  const first = timesIn(a)[0];
  const second = timesIn(b)[0];
  return first !== undefined && second !== undefined && first.minutes === second.minutes;
}
