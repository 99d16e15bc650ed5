import type { Fact, Knowledge } from './knowledge.ts';
import { factNamed } from './outcome.ts';
import { people } from './phrasing.ts';

/** What people ask for, and the facts that answer it. */
const topics: readonly {
  readonly asked: RegExp;
  readonly fact: RegExp;
  readonly says: (value: string) => string;
}[] = [
  {
    asked:
      /\b(?:phone|telephone|mobile|cell|contact|callback|call back|number to (?:reach|call)|your number|a number)\b/i,
    fact: /\b(?:phone|mobile|telephone|callback|contact)\b/,
    says: (value) => `The phone number is ${inGroups(value)}.`,
  },
  { asked: /\be-?mail\b/i, fact: /\be-?mail\b/, says: (value) => `The email address is ${value}.` },
  {
    asked: /\b(?:how many|party size|party of|how big|number of (?:people|guests|persons))\b/i,
    fact: /\b(?:party|people|persons|guests|size)\b/,
    says: (value) => `It is for ${people(value)}.`,
  },
  {
    asked: /\b(?:name|who is it for|who's it for|whom|spell)\b/i,
    fact: /^(?:name|.*\b(?:client|guest|customer|full|last|reservation|contact) name)$/,
    says: (value) => `The name is ${value}.`,
  },
  {
    asked: /\b(?:what|which) (?:day|date)|\bfor (?:what|which) (?:day|date)|\bwhen\b/i,
    fact: /\b(?:date|day)\b/,
    says: (value) => `For ${value}, please.`,
  },
  {
    asked: /\b(?:what|which) time|\bwhen\b|\bhow late\b/i,
    fact: /\btime\b/,
    says: (value) => `At ${value}, please.`,
  },
];

/** @returns what the agent knows of all that was asked, in one string; undefined if it knows nothing of it */
export function answerTo(question: string, knowledge: Knowledge): string | undefined {
  const told = new Set<Fact>();
  const answers: string[] = [];
  for (const { asked, fact: name, says } of topics) {
    const fact = asked.test(question) ? factNamed(knowledge, name) : undefined;
    if (!fact || told.has(fact)) continue;
    told.add(fact);
    const spelling =
      /\bspell/i.test(question) && /name/.test(fact.key) ? ` That is ${spelt(fact.value)}.` : '';
    answers.push(says(fact.value) + spelling);
  }
  for (const fact of [...knowledge.facts, ...knowledge.implied]) {
    if (answers.length > 0 || told.has(fact) || !isAbout(question, fact.key)) continue;
    answers.push(`The ${fact.key} is ${fact.value}.`);
  }
  return answers.length === 0 ? undefined : answers.join(' ');
}

/** Whether all the telling words of a fact's key, or most of them, are in the question. */
function isAbout(question: string, key: string): boolean {
  const asked = question.toLowerCase();
  const words = key.split(' ').filter((word) => word.length > 2 && !['the', 'and', 'for'].includes(word));
  const shared = words.filter((word) => asked.includes(word.replace(/(?:ies|es|s|y)$/, '')));
  return words.length > 0 && shared.length * 2 >= words.length;
}

/** `4155550123` is easier to follow as `415 555 0123`. */
function inGroups(value: string): string {
  return value.replace(/^(\+?1)?[ -]?\(?(\d{3})\)?[ -]?(\d{3})[ -]?(\d{4})$/, '$1 $2 $3 $4').trim();
}

function spelt(name: string): string {
  return [...name.toUpperCase()].filter((letter) => letter !== ' ').join(', ');
}
