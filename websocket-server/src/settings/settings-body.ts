import * as z from 'zod';
import { agentTools } from '../agent/agent-tools.ts';
import type { OwnTool } from '../agent/own-tool.ts';
import { isRecord } from '../lib/is-record.ts';
import { noSettings } from './settings.ts';
import type { Settings } from './settings.ts';
import { InvalidSettings } from './settings-errors.ts';
import { schemaProblem } from './tool-schema.ts';

const mostTools = 20;
const builtIn = new Set(agentTools.map(({ name }) => name));

/** A text, where none and a blank one are the same. */
const choice = (longest: number) =>
  z
    .string('Give it as text.')
    .trim()
    .max(longest, `Use at most ${longest} characters.`)
    .nullish()
    .transform((text) => (text ? text : null));

const seconds = (least: number, most: number, usual: number) => {
  const sentence = `Use a whole number of seconds from ${least} to ${most}.`;
  return z.int(sentence).min(least, sentence).max(most, sentence).default(usual);
};

const answer = z.discriminatedUnion(
  'by',
  [
    z.strictObject({
      by: z.literal('webhook'),
      url: z
        .string('Give the address to ask.')
        .trim()
        .refine(isWebAddress, 'Use an address like https://example.com/tool, without a password in it.'),
      timeoutSeconds: seconds(1, 30, 10),
    }),
    z.strictObject({ by: z.literal('hand'), patienceSeconds: seconds(10, 120, 45) }),
    z.strictObject({
      by: z.literal('mock'),
      output: z
        .string('Give the answer as text.')
        .trim()
        .min(1, 'Say what the tool answers.')
        .max(8000, 'Use at most 8000 characters.'),
    }),
  ],
  'Choose how the tool is answered: webhook, hand or mock.',
);

const tool = z.strictObject({
  name: z
    .string('Give the tool a name.')
    .trim()
    .regex(/^[a-zA-Z][a-zA-Z0-9_-]{0,63}$/, 'Use a letter, then letters, digits, _ or -; at most 64 in all.')
    .refine((name) => !builtIn.has(name), 'A tool of this name is built in. Use another name.'),
  description: z
    .string('Describe the tool.')
    .trim()
    .min(1, 'Say what the tool does and when to use it.')
    .max(2000, 'Use at most 2000 characters.'),
  parameters: z.unknown().superRefine((value, context) => {
    const problem = schemaProblem(value);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  }),
  answer,
});

/** What a page or a program sends to be saved; a part that is left out is as if never set. */
export const settingsBody = z.strictObject({
  phoneNumber: choice(20).refine(
    (number) => number === null || /^\+[1-9]\d{6,14}$/.test(number),
    'Write it with a plus and its country code, digits only, e.g. +14155550100.',
  ),
  instructions: z.string('Give them as text.').trim().max(8000, 'Use at most 8000 characters.').default(''),
  voice: choice(100),
  language: choice(35).refine(
    (tag) => tag === null || isLanguage(tag),
    'Use a language tag such as en, en-GB or de.',
  ),
  model: choice(100).refine(
    (model) => model === null || /^[\w.:/-]+$/.test(model),
    'Use the model’s id, e.g. gpt-realtime-2.1.',
  ),
  inbound: z.strictObject({ goal: choice(4000), instructions: choice(8000) }).default(noSettings.inbound),
  tools: z
    .array(tool, 'Give a list of tools.')
    .max(mostTools, `Use at most ${mostTools} tools.`)
    .superRefine((tools, context) => {
      for (const [index, { name }] of tools.entries()) {
        if (tools.findIndex((other) => other.name === name) < index) {
          context.addIssue({ code: 'custom', path: [index, 'name'], message: 'Another tool has this name.' });
        }
      }
    })
    .default([]),
});

/** @throws InvalidSettings with a sentence for each field that cannot be taken */
export function readSettings(body: unknown): Settings {
  const parsed = settingsBody.safeParse(body);
  if (!parsed.success) {
    const fields: Record<string, string> = {};
    for (const { path, message } of parsed.error.issues) fields[path.join('.') || 'settings'] ??= message;
    throw new InvalidSettings(fields);
  }
  return { ...parsed.data, tools: parsed.data.tools as readonly OwnTool[] };
}

/** What was saved by whatever version of this program: a part that cannot be read counts as never set. */
export function storedSettings(body: unknown): Settings {
  const parts = Object.entries(isRecord(body) ? body : {}).filter(
    ([name, value]) => name in noSettings && settingsBody.safeParse({ [name]: value }).success,
  );
  return readSettings(Object.fromEntries(parts));
}

function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return (protocol === 'https:' || protocol === 'http:') && username === '' && password === '';
}

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}
