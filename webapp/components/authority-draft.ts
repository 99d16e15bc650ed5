import type { Release } from '../../websocket-server/src/call/authority.ts';
import type { CallRequest } from '../live/server-api.ts';

/** What the agent may do in a call, as typed. */
export interface AuthorityDraft {
  readonly facts: readonly FactDraft[];
  readonly mayAgreeTo: string;
  /** In US dollars. */
  readonly maxSpend: string;
  readonly mayTransfer: boolean;
  readonly mayPressKeys: boolean;
  readonly secrets: readonly SecretDraft[];
}

export interface FactDraft {
  readonly id: number;
  readonly name: string;
  readonly value: string;
  readonly release: Release;
}

/** Keys that the agent may press without knowing them. */
export interface SecretDraft {
  readonly id: number;
  readonly name: string;
  readonly digits: string;
}

export const releaseWords: readonly (readonly [Release, string])[] = [
  ['freely', 'Tell freely'],
  ['if_asked', 'Only if asked'],
  ['never', 'Never tell'],
];

export const openAuthorityDraft: AuthorityDraft = {
  facts: [],
  mayAgreeTo: '',
  maxSpend: '',
  mayTransfer: true,
  mayPressKeys: true,
  secrets: [],
};

/** What the draft allows, without what it leaves as it is; undefined when it says nothing. */
export function authorityOf(
  draft: AuthorityDraft,
): CallRequest['authority'] | undefined | { readonly problem: string } {
  const facts = draft.facts
    .map(({ name, value, release }) => ({ name: name.trim(), value: value.trim(), release }))
    .filter(({ name, value }) => name !== '' || value !== '');
  const halfDone = facts.find(({ name, value }) => name === '' || value === '');
  if (halfDone !== undefined) {
    return { problem: `The fact “${halfDone.name || halfDone.value}” needs a name and a value.` };
  }
  const secrets = draft.secrets
    .map(({ name, digits }) => ({ name: name.trim(), digits: digits.replaceAll(/[\s-]/gu, '') }))
    .filter(({ name, digits }) => name !== '' || digits !== '');
  const nameless = secrets.find(({ name, digits }) => name === '' || digits === '');
  if (nameless !== undefined) {
    return {
      problem: `${nameless.name === '' ? 'A secret' : `The secret “${nameless.name}”`} needs a name and its keys.`,
    };
  }
  const maxSpend = draft.maxSpend.trim();
  if (maxSpend !== '' && !(Number(maxSpend) >= 0)) {
    return { problem: `“${maxSpend}” is no amount: give what the agent may spend in dollars, e.g. 25.` };
  }
  const mayAgreeTo = draft.mayAgreeTo.trim();
  const authority = {
    ...(facts.length === 0 ? {} : { facts }),
    ...(mayAgreeTo === '' ? {} : { mayAgreeTo }),
    ...(maxSpend === '' ? {} : { maxSpendUsd: Number(maxSpend) }),
    ...(draft.mayTransfer ? {} : { transferTo: [] }),
    ...(draft.mayPressKeys ? {} : { mayPressKeys: false }),
    ...(secrets.length === 0 ? {} : { secrets }),
  };
  return Object.keys(authority).length === 0 ? undefined : authority;
}
