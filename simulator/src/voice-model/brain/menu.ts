import type { Knowledge } from './knowledge.ts';

interface Option {
  readonly key: string;
  readonly label: string;
}

const keyWords: Readonly<Record<string, string>> = {
  zero: '0',
  one: '1',
  two: '2',
  three: '3',
  four: '4',
  five: '5',
  six: '6',
  seven: '7',
  eight: '8',
  nine: '9',
  star: '*',
  pound: '#',
  hash: '#',
};
const key = `[0-9*#]|${Object.keys(keyWords).join('|')}`;
const press = String.raw`(?:please )?(?:press|dial|push)\s+(?<key>${key})\b`;
/** "For reservations, press 1": the label comes first. */
const labelFirst = new RegExp(String.raw`\b(?:for|to|if you)\s+(?<label>[^.;]{2,60}?),?\s+${press}`, 'gi');
/** "Press 1 for reservations", "or 2 for opening hours". */
const keyFirst = new RegExp(
  String.raw`\b(?:(?:press|dial|push)|or|,|;)?\s*\b(?<key>${key})\s+(?:for|to)\s+(?<label>[^.,;]{2,60}?)(?=[.,;]|\s+or\b|$)`,
  'gi',
);

export function optionsIn(text: string): Option[] {
  const first = [...text.matchAll(labelFirst)];
  const matches = first.length > 0 ? first : [...text.matchAll(keyFirst)];
  return matches.map(({ groups }) => ({
    key: keyWords[(groups?.['key'] ?? '').toLowerCase()] ?? groups?.['key'] ?? '',
    label: (groups?.['label'] ?? '').trim().toLowerCase(),
  }));
}

/** Words of a goal, and how menus call the same thing. */
const sameThing: readonly (readonly string[])[] = [
  ['book', 'reserv', 'table', 'dinner', 'lunch', 'booking'],
  ['appoint', 'schedul', 'visit', 'doctor', 'haircut', 'book'],
  ['bill', 'pay', 'invoice', 'account', 'refund', 'charge'],
  ['hour', 'open', 'clos', 'location', 'address', 'direction'],
  ['support', 'repair', 'broken', 'technical', 'help', 'problem', 'test'],
  ['order', 'deliver', 'takeaway', 'takeout', 'pickup', 'buy', 'sale', 'price'],
  ['cancel', 'chang', 'modif', 'existing'],
];

/**
 * Which key to press: the option nearest to the goal, else a human, else `0`.
 *
 * @param alreadyPressed keys that this same menu has been answered with, in vain
 */
export function keyFor(
  text: string,
  { goal = '', facts }: Knowledge,
  alreadyPressed: readonly string[],
): string {
  const wanted = `${goal} ${facts.map((fact) => `${fact.key} ${fact.value}`).join(' ')}`.toLowerCase();
  const options = optionsIn(text).filter((option) => !alreadyPressed.includes(option.key));
  const score = ({ label }: Option) => likeness(label, goal.toLowerCase(), wanted);
  const best = options.toSorted((a, b) => score(b) - score(a))[0];
  if (best && score(best) > 0) return best.key;
  const human = /operator|speak|talk|someone|representative|agent|other|else|staff|reception/;
  const back = /\bback\b|main menu|start over/;
  return (
    (options.find(({ label }) => human.test(label)) ?? options.find(({ label }) => back.test(label)))?.key ??
    '0'
  );
}

function likeness(label: string, goal: string, wanted: string): number {
  const shared = label.split(/\W+/).filter((word) => word.length > 3 && stemIn(word, wanted)).length;
  const kinds = sameThing.filter((stems) => stems.some((stem) => label.includes(stem)));
  const meant = kinds.filter((stems) => stems.some((stem) => goal.includes(stem))).length;
  return shared * 2 + meant;
}

function stemIn(word: string, text: string): boolean {
  return text.includes(word.slice(0, Math.max(4, word.length - 3)));
}
