import { sentencesOf } from '../sentences.ts';

/** What the agent was told before the call, read out of its instructions. */

export interface Fact {
  /** As words: `party size`. */
  readonly key: string;
  readonly value: string;
}

export interface Knowledge {
  /** What the client wants, in the client's words; undefined when nobody is to be asked for anything. */
  readonly goal: string | undefined;
  /** What the client said of it, fit to be read out. */
  readonly facts: readonly Fact[];
  /** Facts that only the goal or the instructions mention, fit to answer with. */
  readonly implied: readonly Fact[];
  /** Whether another time than the one asked for may be accepted. */
  readonly mayChange: boolean;
  /** The person is to be told that the call is recorded. */
  readonly isRecorded: boolean;
  /** Undefined: hang up on a machine. */
  readonly voicemailMessage: string | undefined;
}

/** Reads `# Goal`, `# What you know`, `# How to behave`, `# Recording` and `# Voicemail`; whatever is missing is guessed or left out. */
export function knowledgeIn(instructions: string): Knowledge {
  const sections = sectionsOf(instructions);
  const behaviour = sectionNamed(sections, /behav|instruct|style|rules/);
  const known = factsIn(sectionNamed(sections, /know|context|details|facts/));
  // Who is rung up has no errand to tell the caller of: a goal is then how to take the call.
  const goal = isRungUp.test(sections[0]?.text ?? '') ? undefined : goalIn(sections);
  const said = `${goal ?? ''} ${behaviour}`;
  return {
    goal,
    facts: known,
    implied: impliedFacts(said).filter((fact) => !known.some(({ key }) => key === fact.key)),
    mayChange: !forbidsChange.test(said),
    isRecorded: sectionNamed(sections, /recording/) !== '',
    voicemailMessage: voicemailIn(sectionNamed(sections, /voicemail|answering machine/)),
  };
}

/** @returns whether a text has the headings that a whole set of instructions has */
export function hasGoal(instructions: string): boolean {
  return sectionsOf(instructions).some(({ heading }) => goalHeading.test(heading));
}

interface Section {
  readonly heading: string;
  readonly text: string;
}

const isRungUp = /\banswers? the phone\b/i;
const goalHeading = /\b(goal|task|objective)\b/;

function sectionsOf(instructions: string): Section[] {
  const [before = '', ...rest] = instructions.split(/^#{1,6}[ \t]+/m);
  const sections = rest.map((section) => {
    const [heading = '', ...lines] = section.split('\n');
    return { heading: heading.trim().toLowerCase(), text: lines.join('\n').trim() };
  });
  return [{ heading: '', text: before.trim() }, ...sections];
}

function sectionNamed(sections: readonly Section[], name: RegExp): string {
  return sections.find(({ heading }) => heading !== '' && name.test(heading))?.text ?? '';
}

/** Without a goal's heading the first sentence is the goal, unless it only says who the agent is. */
function goalIn(sections: readonly Section[]): string | undefined {
  const stated = sections.find(({ heading }) => goalHeading.test(heading))?.text;
  const goal = (stated ?? sentencesOf(sections[0]?.text ?? '')[0] ?? '').replace(/\s+/g, ' ').trim();
  if (goal === '' || (stated === undefined && /^(you('re| are)?|your|as an?|act)\b/i.test(goal)))
    return undefined;
  return goal.replace(/^["'“](.*)["'”]$/, '$1');
}

const leastTelling = new Set([
  '',
  'true',
  'false',
  'null',
  'undefined',
  '[]',
  '{}',
  '-',
  'none',
  'yes',
  'no',
]);

function factsIn(section: string): Fact[] {
  return section.split('\n').flatMap((line) => {
    const match = /^\s*(?:[-*•]\s+)?([^:]{1,60}):\s*(.*)$/.exec(line);
    const key = humanised(match?.[1] ?? '');
    const value = (match?.[2] ?? '').trim().replace(/^["'](.*)["']$/, '$1');
    return key === '' || leastTelling.has(value.toLowerCase()) ? [] : [{ key, value }];
  });
}

/** `partySize` and `party_size` are `party size`. */
function humanised(key: string): string {
  return key
    .replace(/[*`"]/g, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[_\s-]+/g, ' ')
    .trim()
    .toLowerCase();
}

const days = '(?:mon|tues|wednes|thurs|fri|satur|sun)day';

/** In the order in which they are looked for. The first group is the value. */
const impliedPatterns: readonly (readonly [key: string, pattern: RegExp])[] = [
  [
    'name',
    /\bname\b[^.'"“‘]{0,20}\b(?:say|give|use|is|tell them)\s+['"“‘]?([\p{Lu}][\p{L}'-]+(?:\s[\p{Lu}][\p{L}'-]+)*)/u,
  ],
  ['name', /\bunder (?:the name )?(?:of )?['"“]?([\p{Lu}][\p{L}'-]+(?:\s[\p{Lu}][\p{L}'-]+)*)/u],
  ['phone number', /\b(?:phone|number|call ?back)\b[^.]{0,30}?(\+?\d[\d\s().-]{6,}\d)/i],
  [
    'party size',
    /\b(?:for|of)\s+(\d{1,2}|two|three|four|five|six|seven|eight|nine|ten|twelve)\b(?!\s*(?::|[ap]\.?m))(?=\s*(?:people|persons|guests|adults|at\b|on\b|to\b|$|[.,]))/i,
  ],
  [
    'time',
    /\b(?:at|for|around|by)\s+(\d{1,2}(?::\d\d)?\s*(?:[ap]\.?m\b\.?|o'clock)|\d{1,2}:\d\d|noon|midnight)/i,
  ],
  [
    'date',
    new RegExp(`\\b((?:this |next )?${days}|today|tonight|tomorrow(?: night| morning| evening)?)\\b`, 'i'),
  ],
];

function impliedFacts(text: string): Fact[] {
  const found = new Map<string, string>();
  for (const [key, pattern] of impliedPatterns) {
    const value = pattern.exec(text)?.[1]?.trim();
    if (value !== undefined && !found.has(key)) found.set(key, value);
  }
  for (const match of text.matchAll(
    /\basks?(?: you)? (?:for|about) (?:an? |the |your |my )?([\w ]{2,30}?),? (?:say|give|use|answer|tell them)\s+(?:['"“‘]([^'"”’]+)['"”’]|([^.,;]+))/gi,
  )) {
    found.set(humanised(match[1] ?? ''), (match[2] ?? match[3] ?? '').trim());
  }
  return [...found].map(([key, value]) => ({ key, value }));
}

const forbidsChange =
  /\b(?:do not|don't|never|no)\b[^.]*\b(?:alternatives?|another|other|different|chang\w*)\b|\bonly (?:accept|take|book|agree)\b|\bmust be (?:exactly )?(?:at|on)\b|\bexactly at\b/i;

function voicemailIn(section: string): string | undefined {
  const quoted = /message\b[^:]*:\s*"([^"]+)"/i.exec(section)?.[1];
  if (quoted !== undefined) return quoted;
  const message = /message\b[^:]*:\s*([\s\S]+)/i
    .exec(section)?.[1]
    ?.trim()
    .replace(/^["“']([\s\S]*)["”']$/, '$1');
  return message === undefined || message === '' ? undefined : message;
}
