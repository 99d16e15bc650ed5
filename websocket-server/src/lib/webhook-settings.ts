import type { EnvironmentReader } from './environment-reader.ts';
import { isWebhookSecret } from './webhook-signature.ts';

/** What the operator's address is told of. */
export const webhookKinds = [
  'call.requested',
  'call.arrived',
  'call.ringing',
  'call.answered',
  'call.question_asked',
  'call.question_answered',
  'call.result_reported',
  'call.ended',
  'call.priced',
  'number.barred',
] as const;
export type WebhookKind = (typeof webhookKinds)[number];

/** Where events are sent, and how they are signed. */
export interface WebhookSettings {
  /** null: nowhere. */
  readonly url: string | null;
  /** `whsec_…` each; the addresses of own tools get them as well. */
  readonly secrets: readonly string[];
  readonly kinds: readonly WebhookKind[];
  /** With what was said: questions, answers, summaries, values. */
  readonly withWords: boolean;
  /** For how many days a delivery stays listed after it was made or given up. */
  readonly keptDays: number;
}

export function readWebhooks(reader: EnvironmentReader): WebhookSettings {
  const url = reader.text('EVENTS_WEBHOOK_URL') ?? null;
  const secrets = reader.list('EVENTS_WEBHOOK_SECRET');
  const secretAdvice = 'Make one with: echo "whsec_$(openssl rand -base64 32)"';
  if (url !== null && !isHttpAddress(url)) {
    reader.problem(
      'EVENTS_WEBHOOK_URL',
      'Set it to the http:// or https:// address that takes events, without a user name in it.',
    );
  }
  if (url !== null && secrets.length === 0) {
    reader.problem(
      'EVENTS_WEBHOOK_SECRET',
      `EVENTS_WEBHOOK_URL is set: set the secret that events are signed with, too. ${secretAdvice}`,
    );
  }
  if (!secrets.every(isWebhookSecret)) {
    reader.problem(
      'EVENTS_WEBHOOK_SECRET',
      `Set it to whsec_ and 24 to 64 bytes in base64, or to two such with a comma between while receivers change over. ${secretAdvice}`,
    );
  }
  return {
    url,
    secrets,
    kinds: readKinds(reader),
    withWords: reader.oneOf('EVENTS_WEBHOOK_WORDS', 'off', ['on', 'off']) === 'on',
    keptDays: reader.integer('RETAIN_WEBHOOKS_DAYS', 30, { min: 1, max: 3650 }),
  };
}

function readKinds(reader: EnvironmentReader): readonly WebhookKind[] {
  const asked = reader.list('EVENTS_WEBHOOK_KINDS');
  const unknown = asked.filter((kind) => !(webhookKinds as readonly string[]).includes(kind));
  if (unknown.length > 0) {
    reader.problem(
      'EVENTS_WEBHOOK_KINDS',
      `Name kinds with commas between, out of ${webhookKinds.join(', ')}; not known: ${unknown.join(', ')}.`,
    );
  }
  return asked.length === 0 ? webhookKinds : webhookKinds.filter((kind) => asked.includes(kind));
}

function isHttpAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return (protocol === 'http:' || protocol === 'https:') && username === '' && password === '';
}
