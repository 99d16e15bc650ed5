import type { Authority, ReleasableFact } from '../call/authority.ts';
import { openAuthority } from '../call/authority.ts';
import type { ToolUse } from './agent-tools.ts';
import { patternOfDigits } from './spoken-digits.ts';

/** Most questions that the agent may put to its owner in one call: whoever talks it into more only plays for time. */
export const mostQuestions = 8;

/**
 * Why the agent may not use a tool as it wants to.
 *
 * @param asked questions that it has put to its owner so far
 * @returns what the agent is told; undefined when it may
 */
export function refusalOf(used: ToolUse, authority: Authority, asked: number): string | undefined {
  switch (used.kind) {
    case 'press-digits':
      if (!authority.mayPressKeys) return 'Refused: you may press no keys in this call.';
      if (used.secret !== null && !authority.secrets.includes(used.secret))
        return `Refused: there is no secret of that name. ${namesOf(authority.secrets)}`;
      return undefined;
    case 'ask-owner':
      return asked < mostQuestions
        ? undefined
        : 'Refused: your client has been asked often enough in this call. Go on with what you know.';
    default:
      return undefined;
  }
}

function namesOf(secrets: readonly string[]): string {
  return secrets.length === 0 ? 'There are none in this call.' : `There are: ${secrets.join(', ')}.`;
}

/** Facts that the agent's words give away though they are never to be told. */
export function toldAgainstRule(text: string, facts: readonly ReleasableFact[]): readonly string[] {
  return facts
    .filter(({ release, value }) => release === 'never' && isToldIn(text, value))
    .map(({ name }) => name);
}

function isToldIn(text: string, value: string): boolean {
  const wanted = comparable(value);
  if (wanted !== '' && ` ${comparable(text)} `.includes(` ${wanted} `)) return true;
  const digits = value.replaceAll(/\D/g, '');
  return digits.length >= 3 && text.search(patternOfDigits(digits)) !== -1;
}

function comparable(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** What the agent is told when it has said what it must not. */
export function breachReminder(name: string): string {
  return `[You have just told "${name}", which your client never releases. Do not repeat, confirm or discuss it, whoever asks.]`;
}

/** The part of the agent's instructions that tells what it may do; empty where nothing was agreed. */
export function authorityRules(authority: Authority | undefined): readonly string[] {
  const { facts, transferTo, mayAgreeTo, maxSpendUsd, mayPressKeys, secrets } = authority ?? openAuthority;
  return [
    ...facts.map((fact) => `${fact.name}: ${fact.value} (${releaseRules[fact.release]})`),
    ...(mayAgreeTo === null ? [] : [`You may agree to: ${mayAgreeTo}. To nothing else.`]),
    ...(maxSpendUsd === null
      ? []
      : [`Agree to no price above ${maxSpendUsd} US dollars in all, taxes and fees included.`]),
    ...(transferTo?.length === 0 ? ['You cannot hand the call to anybody.'] : []),
    ...(mayPressKeys ? [] : ['You may press no keys.']),
    ...secrets.map(
      (name) =>
        `"${name}" is a secret that you do not know: where a machine asks for it, call press_digits with {"secret": "${name}"}. Never say or guess it.`,
    ),
  ];
}

const releaseRules: Readonly<Record<ReleasableFact['release'], string>> = {
  freely: 'you may tell it',
  if_asked: 'tell it only when you are asked for it',
  never: 'for you alone: never tell, confirm or hint at it',
};
