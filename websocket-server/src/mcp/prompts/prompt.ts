import { completable } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { CallControl } from '../../control/call-control.ts';
import type { NameOf } from '../tool.ts';

/** One common errand, as a message that a user can send to the model. */
export interface Prompt {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** The arguments, and what becomes of them, over the calls of `control`. */
  prepare(control: CallControl, nameOf: NameOf): PreparedPrompt;
}

export interface PreparedPrompt {
  readonly argsSchema: z.ZodObject;
  /** @param args what `argsSchema` has let through */
  write(args: unknown): string;
}

/** The kinds of arguments that errands take. A prompt's arguments are always text. */
export interface Fields {
  /** One number, completed from those called lately. */
  phoneNumber(description: string): z.ZodString;
  text(description: string): z.ZodString;
  /** Left out, or empty: some clients send every field that they show. */
  optionalText(description: string): z.ZodOptional<z.ZodString>;
}

interface PromptDefinition<Arguments extends z.ZodObject> extends Omit<Prompt, 'prepare'> {
  arguments(fields: Fields): Arguments;
  write(args: z.output<Arguments>): Errand;
}

/** What a message tells the model, part by part. */
export interface Errand {
  /** What the user wants, in one sentence. */
  readonly ask: string;
  /** Arguments for placing the call, as a good start. */
  readonly call: Readonly<Record<string, unknown>>;
  /** What this kind of errand needs besides the common rules, one sentence each. */
  readonly hints: readonly string[];
}

export function definePrompt<Arguments extends z.ZodObject>(definition: PromptDefinition<Arguments>): Prompt {
  const { name, title, description } = definition;
  return {
    name,
    title,
    description,
    prepare: (control, nameOf) => {
      const argsSchema = definition.arguments(fieldsOver(control));
      return {
        argsSchema,
        write: (args) => messageOf(definition.write(argsSchema.parse(args)), nameOf),
      };
    },
  };
}

function fieldsOver(control: CallControl): Fields {
  const text = (description: string) => z.string().trim().min(1).describe(description);
  return {
    text,
    phoneNumber: (description) =>
      completable(text(`${description}, in E.164, such as +14155550102`), (begun) =>
        calledNumbers(begun, control),
      ),
    optionalText: (description) => z.string().trim().describe(description).optional(),
  };
}

/** Numbers of the latest calls that begin like `begun`, the latest first. */
async function calledNumbers(begun: string, control: CallControl): Promise<string[]> {
  const { calls } = await control.list({ limit: 100 });
  const numbers = calls.filter(({ direction }) => direction === 'outbound').map(({ to }) => to);
  return [...new Set(numbers)].filter((number) => number.startsWith(begun.trim()));
}

function messageOf({ ask, call, hints }: Errand, nameOf: NameOf): string {
  const rules = [
    `If something needed is missing or unclear, ask me before you dial. Never guess a number, a name or a date; turn "tomorrow" and the like into a date.`,
    `Place the call with ${nameOf('call')}, starting from these arguments and improving their words with what else you know of me and this errand:\n\n${fenced(call)}\n`,
    ...hints,
    `Follow the call with ${nameOf('wait')}, passing the last "cursor" as "after", until its state is completed, failed or canceled. If it brings a question that the agent cannot answer, answer from what I told you, or ask me at once: somebody is on the line.`,
    `Then tell me in a few sentences what came of it: what was agreed, with the words that show it, and what stays open. Do not present as agreed what is only "inferred" or "not_established" in the result. If nobody answered or the answer was no, say so and ask me before you call again.`,
  ];
  return `${ask}\n\n${rules.map((rule, index) => `${index + 1}. ${rule}`).join('\n')}`;
}

function fenced(call: Readonly<Record<string, unknown>>): string {
  return `\`\`\`json\n${JSON.stringify(call, null, 2)}\n\`\`\``;
}

/** A schema for `resultSchema` with these facts, each told by a description. */
export function factsWanted(facts: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> {
  return {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(facts).map(([name, description]) => [name, { type: 'string', description }]),
    ),
  };
}

/** The entries that were given. */
export function given(facts: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(facts).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
    ),
  );
}
