import { ok, problem, skipped, warning, type Check, type Finding } from '../../../lib/check.ts';
import type { ModelQuestions } from './access-check.ts';

const dayMs = 86_400_000;
const soonMs = 60 * dayMs;

/** Ends that OpenAI has announced (developers.openai.com/api/docs/deprecations). */
const announced: readonly { readonly models: RegExp; readonly endsOn: string }[] = [
  { models: /^gpt-4o(-mini)?-realtime-preview/, endsOn: '2026-05-07' },
  { models: /^gpt-realtime(-mini)?(-\d{4}-\d{2}-\d{2})?$/, endsOn: '2027-01-20' },
];

/** Warns before the model goes away. @param now ms since 1970 */
export function shutdownCheck({ model, chosen }: ModelQuestions, now: () => number): Check {
  return {
    id: 'voice-model-end',
    title: 'End of the model',
    async run() {
      const answer = await chosen().catch(() => undefined);
      const told = answer?.status === 200 ? answer.body?.['shutdown_date'] : undefined;
      const endsAt = timeOf(told) ?? announcedEnd(model());
      if (endsAt !== undefined) return endFinding(model(), endsAt, now());
      return answer?.status === 200
        ? ok(`No end of ${model()} is announced.`)
        : skipped('Whether the model has an announced end is not known.');
    },
  };
}

/** @param endsAt and now in ms since 1970 */
export function endFinding(model: string, endsAt: number, now: number): Finding {
  const date = new Date(endsAt).toISOString().slice(0, 10);
  const fix = 'Choose another model in the settings or by OPENAI_REALTIME_MODEL, e.g. gpt-realtime-2.1.';
  if (endsAt <= now) return problem(`${model} was shut down on ${date}.`, fix);
  if (endsAt - now <= soonMs) return warning(`${model} will be shut down on ${date}.`, fix);
  return ok(`${model} is to be shut down on ${date}.`);
}

export function announcedEnd(model: string): number | undefined {
  const row = announced.find(({ models }) => models.test(model));
  return row === undefined ? undefined : Date.parse(row.endsOn);
}

/** A date as text, or seconds since 1970. */
function timeOf(value: unknown): number | undefined {
  const time =
    typeof value === 'number' ? value * 1000 : typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}
