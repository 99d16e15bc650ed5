/** What a booking needs, as far as it was said. */
export interface Facts {
  readonly partySize?: string;
  readonly time?: string;
  readonly day?: string;
  readonly name?: string;
}

const count = String.raw`(\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)`;
const hour = String.raw`(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)`;
const weekday = '(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)';
const month = '(?:january|february|march|april|may|june|july|august|september|october|november|december)';

const patterns: Readonly<Record<keyof Facts, readonly string[]>> = {
  partySize: [
    String.raw`(?:party|group) (?:size|of)\W{0,3}(?:is |of |to )?${count}\b`,
    String.raw`\b(?:people|guests|persons|covers|number of (?:people|guests|persons)),? (?:is )?${count}\b`,
    String.raw`\b${count} (?:people|persons|guests|adults|of us)\b`,
    String.raw`\b(?:table|reservation|booking|dinner|lunch)(?: \w+){0,2}? for ${count}\b(?!\s*(?::|am|pm|a\.m|p\.m|o'clock))`,
    String.raw`\bfor ${count}(?=[.,;]|$| at | on )`,
    String.raw`^\W*(?:for |we are |just )?${count}[.!]?$`,
  ],
  time: [
    String.raw`\b(\d{1,2}(?::|\.)\d{2}\s*(?:am|pm|a\.m\.|p\.m\.)?)`,
    String.raw`\b(\d{1,2}\s*(?:am|pm|a\.m\.|p\.m\.|o'clock))`,
    String.raw`\b((?:half past|quarter past|quarter to) ${hour})\b`,
    String.raw`\b(?:at|time,?|around|about) (${hour}(?: (?:thirty|fifteen|forty[- ]five|o'clock))?(?: (?:am|pm|p m|a m|in the (?:morning|evening|afternoon)))?)\b`,
    String.raw`\b(${hour} (?:thirty|fifteen|forty[- ]five))\b`,
    String.raw`\b(noon|midday|midnight)\b`,
    String.raw`\b(?:at|time,?) (\d{1,2})\b`,
  ],
  day: [
    String.raw`\b((?:next |this )?${weekday}(?:,? (?:the )?\d{1,2}(?:st|nd|rd|th)?(?: of)?(?: ${month})?)?(?: (?:evening|night|morning|afternoon))?)\b`,
    String.raw`\b(${month} (?:the )?\d{1,2}(?:st|nd|rd|th)?)\b`,
    String.raw`\b((?:the )?\d{1,2}(?:st|nd|rd|th)? (?:of )?${month})\b`,
    String.raw`\b(\d{4}-\d{2}-\d{2})\b`,
    String.raw`\b(tomorrow(?: (?:evening|night|morning|afternoon))?|tonight|today)\b`,
  ],
  name: [
    String.raw`\bunder(?: the name)?(?: of)? ([\p{L}'-]+(?: \p{Lu}[\p{L}'-]+)?)`,
    String.raw`\b(?:name|customer|guest|client|patient)(?: of my client| for the (?:booking|reservation))?(?: is|,|:) (?:Mrs?\.? |Ms\.? )?(\p{Lu}[\p{L}'-]+(?: \p{Lu}[\p{L}'-]+)?)`,
    String.raw`\b(?:for|it is) (?:Mrs?\.?|Ms\.?) (\p{Lu}[\p{L}'-]+)`,
  ],
};

/** Reads from all that was said what a booking needs. */
export function factsIn(heard: string): Facts {
  const facts: { -readonly [fact in keyof Facts]: string } = {};
  for (const fact of ['partySize', 'time', 'day', 'name'] as const) {
    const flags = fact === 'name' ? 'u' : 'iu';
    for (const pattern of patterns[fact]) {
      const found = new RegExp(pattern, flags).exec(heard)?.[1]?.trim();
      if (found === undefined) continue;
      facts[fact] = found;
      break;
    }
  }
  return facts;
}

/** What the other wants, from "I would like to …" and its like: without the punctuation at its end. */
export function purposeIn(heard: string): string | undefined {
  const wish =
    /\b(?:i would like to|i'd like to|i want to|i wanted to|i am calling to|i'm calling to|calling to|i need to|i wish to|would like to)\s+(.+?)(?:[.!?](?:\s|$)|$)/iu;
  return wish.exec(heard)?.[1]?.replace(/^(?:please|kindly)\s+/iu, '');
}

/** The other's words from one's own mouth: "my order" is "your order". */
export function fromTheOtherSide(words: string): string {
  const turned: Readonly<Record<string, string>> = {
    my: 'your',
    mine: 'yours',
    our: 'your',
    me: 'you',
    i: 'you',
    we: 'you',
    us: 'you',
    your: 'our',
    yours: 'ours',
    you: 'us',
  };
  return words.replace(
    /\b(?:my|mine|our|me|i|we|us|your|yours|you)\b/giu,
    (word) => turned[word.toLowerCase()] ?? word,
  );
}

const hours = 'one two three four five six seven eight nine ten eleven twelve'.split(' ');
/** "half past seven", "seven thirty": the hour stands behind "past" and "to", and else comes first. */
const spokenHours = [`(?<=\\b(?:past|to) )(?:${hours.join('|')})\\b`, `\\b(?:${hours.join('|')})\\b`].map(
  (pattern) => new RegExp(pattern, 'iu'),
);

/** The time an hour later, in the same style, or in words where it cannot be read. */
export function anHourAfter(time: string | undefined): string {
  const found = /^(\d{1,2})(:\d{2})?\s*(am|pm|a\.m\.|p\.m\.)?/iu.exec(time ?? '');
  if (!found) return anHourAfterWords(time ?? '') ?? 'an hour later';
  const next = (Number(found[1]) % (found[3] === undefined ? 24 : 12)) + 1;
  return `${next}${found[2] ?? ''}${found[3] ?? (found[2] === undefined ? " o'clock" : '')}`;
}

function anHourAfterWords(time: string): string | undefined {
  const spoken = spokenHours.find((hour) => hour.test(time));
  if (spoken === undefined) return undefined;
  return time.replace(
    spoken,
    (hour) => hours[(hours.indexOf(hour.toLowerCase()) + 1) % hours.length] ?? hour,
  );
}
