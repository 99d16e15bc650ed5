import type { CallHappening } from '../call/call-event.ts';
import { InvalidRequest, NotPermitted } from '../lib/errors.ts';
import { completeAuthority } from './authority-request.ts';
import { parseTraceParent } from '../lib/trace-parent.ts';
import type { PlaceRequest } from './call-control.ts';
import { isE164 } from './policy/forbidden-numbers.ts';
import { checkResultSchema } from './result-schema.ts';
import { scheduledTime } from './scheduled-time.ts';
import type { TransferNumbers } from './transfer-numbers.ts';

const defaultDurationSeconds = 180;
const longestDurationSeconds = 4 * 60 * 60;
const ringTimeoutSeconds = 45;
const longestGoal = 4000;
const longestContext = 20_000;

/**
 * A request made whole: every value checked and every default filled in.
 *
 * @param defaultFrom the configured number; null when there is none
 * @param now ms since 1970
 * @param mayRecord whether calls are recorded where that is asked for
 * @param allowed the numbers that a call may be transferred to
 * @throws InvalidRequest, NotPermitted with a sentence that says what to change
 */
export function completeRequest(
  request: PlaceRequest,
  defaultFrom: string | null,
  now: number,
  mayRecord: boolean,
  allowed: TransferNumbers,
): Extract<CallHappening, { type: 'call-requested' }> {
  const from = request.from ?? defaultFrom;
  if (from === null) {
    throw new InvalidRequest(
      '"from" is missing: give the number to call from, or have the operator choose one on the page /setup.',
    );
  }
  if (!isE164(from.trim())) {
    throw new InvalidRequest(
      '"from" must be a phone number in E.164 form: a plus, the country code and the number, digits only, e.g. +14155550123.',
    );
  }
  if (request.record === true && !mayRecord) {
    throw new NotPermitted(
      'recording',
      'Calls are not recorded here: leave "record" out. The operator allows recording by RECORD_CALLS=on.',
    );
  }
  const goal = request.goal.trim();
  if (goal === '')
    throw new InvalidRequest('"goal" is empty: say in a sentence what the call is to achieve.');
  if (goal.length > longestGoal) {
    throw new InvalidRequest(`"goal" is longer than ${longestGoal} characters: put details into "context".`);
  }
  const context = request.context ?? {};
  if (JSON.stringify(context).length > longestContext) {
    throw new InvalidRequest(`"context" is longer than ${longestContext} characters of JSON. Shorten it.`);
  }
  const maxDurationSeconds = request.maxDurationSeconds ?? defaultDurationSeconds;
  if (!(maxDurationSeconds >= 1 && maxDurationSeconds <= longestDurationSeconds)) {
    throw new InvalidRequest(`"timeoutSec" must be from 1 to ${longestDurationSeconds} seconds.`);
  }
  const { maxCostUsd = null } = request;
  if (maxCostUsd !== null && !(maxCostUsd > 0 && maxCostUsd < Infinity)) {
    throw new InvalidRequest('"maxCostUsd" must be an amount in US dollars above zero, e.g. 0.50.');
  }
  if (request.resultSchema !== undefined) checkResultSchema(request.resultSchema);
  return {
    type: 'call-requested',
    to: request.to.trim(),
    from: from.trim(),
    errand: {
      goal,
      context,
      instructions: request.instructions?.trim() || null,
      voicemail: request.voicemail ?? { action: 'hang_up' },
      voice: request.voice?.trim() || null,
      language: language(request.language),
      resultSchema: request.resultSchema ?? null,
      ...(request.record === true && { record: true }),
      ...(request.authority !== undefined && {
        authority: completeAuthority(
          request.authority,
          allowed,
          request.scheduleAt !== undefined,
          wordsOf(request),
        ),
      }),
    },
    maxDurationSeconds: Math.round(maxDurationSeconds),
    ringTimeoutSeconds,
    idempotencyKey: request.idempotencyKey?.trim() || null,
    callee: request.callee ?? 'business',
    maxCostUsd,
    scheduledAt: request.scheduleAt === undefined ? null : scheduledTime(request.scheduleAt, now),
    ...(request.traceparent !== undefined &&
      parseTraceParent(request.traceparent) && { traceparent: request.traceparent }),
  };
}

function wordsOf({ authority: _secret, to: _to, from: _from, ...words }: PlaceRequest) {
  return words;
}

function language(tag: string | undefined): string | null {
  if (tag === undefined || tag.trim() === '') return null;
  try {
    return Intl.getCanonicalLocales(tag.trim())[0] ?? null;
  } catch {
    throw new InvalidRequest(`"language" (${tag}) must be a language tag such as en, en-GB or de.`);
  }
}
