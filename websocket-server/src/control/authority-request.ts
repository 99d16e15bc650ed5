import * as z from 'zod';
import { releases } from '../call/authority.ts';
import type { Authority } from '../call/authority.ts';
import { Secrets } from '../agent/secrets.ts';
import { InvalidRequest, NotPermitted } from '../lib/errors.ts';
import { isTransferNumber } from './transfer-numbers.ts';
import type { TransferNumbers } from './transfer-numbers.ts';

const name = z.string().trim().min(1).max(60);

/** What the client lets the agent do in a call, as both doors take it. */
export const authorityBody = z.strictObject({
  facts: z
    .array(z.strictObject({ name, value: z.string().trim().min(1).max(1000), release: z.enum(releases) }))
    .max(50)
    .optional()
    .describe('Facts with a rule each: tell it "freely", only "if_asked", or "never".'),
  transferTo: z
    .array(z.string().min(1))
    .max(10)
    .optional()
    .describe(
      'Numbers that the agent may hand the call to, of which the first is rung; [] for none. The owner otherwise.',
    ),
  mayAgreeTo: z
    .string()
    .trim()
    .min(1)
    .max(1000)
    .optional()
    .describe('What the agent may agree to, in words.'),
  maxSpendUsd: z
    .number()
    .min(0)
    .max(1_000_000)
    .optional()
    .describe('The most that the agent may agree to spend, in US dollars.'),
  mayPressKeys: z.boolean().optional().describe('Whether the agent may press keys; true otherwise.'),
  secrets: z
    .array(z.strictObject({ name, digits: z.string().min(1).max(64) }))
    .max(10)
    .optional()
    .describe(
      'Keys that the agent may press by their name, such as a PIN: neither it nor any record sees them.',
    ),
});

export type AuthorityRequest = z.output<typeof authorityBody>;

/** The words of a request that may hold what belongs into a secret. */
export interface RequestWords {
  readonly goal: string;
  readonly context?: unknown;
  readonly instructions?: unknown;
  readonly voicemail?: unknown;
  readonly resultSchema?: unknown;
  readonly idempotencyKey?: unknown;
}

/**
 * What the agent may do, as it is kept with the call: without the keys of its secrets.
 *
 * @param allowed the numbers that the operator lets calls be transferred to
 * @throws InvalidRequest, NotPermitted with a sentence that says what to change
 */
export function completeAuthority(
  request: AuthorityRequest,
  allowed: TransferNumbers,
  isScheduled: boolean,
  words: RequestWords,
): Authority {
  const {
    facts = [],
    transferTo = null,
    mayAgreeTo,
    maxSpendUsd,
    mayPressKeys = true,
    secrets = [],
  } = request;
  const strange = transferTo?.findIndex((to) => !isTransferNumber(to.trim(), allowed)) ?? -1;
  if (strange !== -1) {
    throw new NotPermitted(
      'transfer',
      `"authority.transferTo.${strange}" is not a number that calls may be transferred to. The operator allows them by OWNER_PHONE_NUMBER and TRANSFER_NUMBERS.`,
    );
  }
  const names = [...facts, ...secrets].map((named) => named.name);
  const doubled = names.find((one, place) => names.indexOf(one) !== place);
  if (doubled !== undefined) {
    throw new InvalidRequest(`"authority" names "${doubled}" twice: give each fact and secret its own name.`);
  }
  if (secrets.length > 0 && !mayPressKeys) {
    throw new InvalidRequest(
      '"authority.secrets" are pressed as keys: leave them out, or leave "mayPressKeys" out.',
    );
  }
  if (secrets.length > 0 && isScheduled) {
    throw new InvalidRequest(
      '"authority.secrets" cannot go with "scheduleAt": secrets are kept in memory only. Place the call when it is due.',
    );
  }
  for (const [place, { digits }] of secrets.entries()) {
    if (!/^[0-9*#wW]{4,32}$/.test(digits) || digits.replaceAll(/[wW]/g, '').length < 4) {
      throw new InvalidRequest(
        `"authority.secrets.${place}.digits" must be 4 to 32 keys: 0-9, *, #, and w for a pause of half a second.`,
      );
    }
  }
  const told = secretsOf(request).nameIn(JSON.stringify([words, facts, mayAgreeTo, names]));
  if (told !== undefined) {
    throw new InvalidRequest(
      `The keys of the secret "${told}" stand in the goal, the context or another text, which the agent and the record see: take them out there.`,
    );
  }
  return {
    facts,
    transferTo: transferTo?.map((to) => to.trim()) ?? null,
    mayAgreeTo: mayAgreeTo ?? null,
    maxSpendUsd: maxSpendUsd ?? null,
    mayPressKeys,
    secrets: secrets.map((secret) => secret.name),
  };
}

/** The keys, for the call while it is live. */
export function secretsOf(request: AuthorityRequest | undefined): Secrets {
  return new Secrets(new Map(request?.secrets?.map(({ name: called, digits }) => [called, digits]) ?? []));
}
