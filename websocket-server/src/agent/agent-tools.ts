import { openAuthority, shownSecret } from '../call/authority.ts';
import type { Direction } from '../call/call.ts';
import type { VoiceTool } from '../voice-models/voice-model.ts';
import { entityStatuses, outcomeStatuses } from '../call/outcome.ts';
import { isRecord } from '../lib/is-record.ts';
import type { OwnTool } from './own-tool.ts';
import { pressable } from './pressable-keys.ts';
import type { OutcomeEntity, OutcomeStatus, EntityStatus } from '../call/outcome.ts';

const answerers = ['human', 'voicemail', 'menu', 'screening'] as const;

/** What the agent may do besides talking. */
export const agentTools: readonly VoiceTool[] = [
  {
    name: 'report_outcome',
    description:
      'Report what came of the goal, as soon as it is clear and before ending the call. Report again if it changes. Quote the person word for word.',
    parameters: {
      type: 'object',
      properties: {
        status: {
          type: 'string',
          enum: outcomeStatuses,
          description:
            'confirmed: the goal was reached. failed: it was refused or is impossible. human_escalation: a human of ours must go on. no_answer: nobody to talk to. voicemail: a machine answered.',
        },
        summary: {
          type: 'string',
          description: 'One to three sentences for the one who asked for the call.',
        },
        entities: {
          type: 'array',
          description:
            'Facts that came out of the call, such as a time, a name, a price, a confirmation number.',
          items: {
            type: 'object',
            properties: {
              name: { type: 'string', description: 'Short name in snake_case.' },
              value: { type: ['string', 'number', 'boolean', 'null'] },
              status: { type: 'string', enum: entityStatuses },
              quote: { type: ['string', 'null'], description: 'The words that say so, verbatim.' },
            },
            required: ['name', 'value', 'status'],
          },
        },
      },
      required: ['status', 'summary'],
    },
  },
  {
    name: 'end_call',
    description:
      'Hang up. Say goodbye first, in the same turn, and call this only when the errand is done or cannot go on, and the person has nothing more to say. The call ends once your goodbye has been heard.',
    parameters: {
      type: 'object',
      properties: { reason: { type: 'string', description: 'Why the call is over, in a few words.' } },
      required: ['reason'],
    },
  },
  {
    name: 'press_digits',
    description:
      'Press keys on the phone, for phone menus and extensions. Wait until the menu has told which key to press, and never say the digits instead of pressing them.',
    parameters: {
      type: 'object',
      properties: {
        digits: {
          type: 'string',
          pattern: '^[0-9*#wW,]{1,32}$',
          description: 'Keys in order: 0-9, * and #. A w or a comma waits half a second, a W one second.',
        },
      },
      required: ['digits'],
    },
  },
  {
    name: 'ask_owner',
    description:
      'Ask your client something that you need to go on and that the facts do not tell, such as whether another time will do. First tell the person that you are checking and will be a moment. The answer comes as the result of this tool; if none comes in time, go on without it and agree to nothing that you were not told.',
    parameters: {
      type: 'object',
      properties: {
        question: {
          type: 'string',
          description: 'The question, complete in itself, with the options there are.',
        },
        patience_seconds: {
          type: 'integer',
          minimum: 10,
          maximum: 120,
          description: 'How long to wait; 45 if left out.',
        },
      },
      required: ['question'],
    },
  },
  {
    name: 'who_answered',
    description:
      'Say who or what has answered, as soon as you know that it is a machine, or that it is a human after all. voicemail: a greeting that asks for a message. menu: a recording that offers keys to press. screening: a machine that asks who is calling before it puts you through. What is to be done at a voicemail is done for you.',
    parameters: {
      type: 'object',
      properties: { answerer: { type: 'string', enum: answerers } },
      required: ['answerer'],
    },
  },
  {
    name: 'do_not_call',
    description:
      'Put the number of this call on the do-not-call list, at once, when the person asks not to be called again, by whatever words. In the same turn apologise in one sentence and say goodbye; the call then ends by itself.',
    parameters: { type: 'object', properties: {} },
  },
  {
    name: 'hand_to_human',
    description:
      'Use this when the person wants to talk to a human, or will not talk to an AI. Your client is rung and put through where that is possible; otherwise you are told to promise a call-back. The call then ends by itself for you.',
    parameters: {
      type: 'object',
      properties: { reason: { type: 'string', description: 'What the human has to know, in a sentence.' } },
      required: ['reason'],
    },
  },
  {
    name: 'stay_silent',
    description:
      'Say nothing and go on listening: while you are on hold, while a recording or a menu is still talking, or until the beep of a voicemail. Ends by itself when someone speaks to you.',
    parameters: {
      type: 'object',
      properties: { reason: { type: 'string', enum: ['on_hold', 'recording', 'listening'] } },
      required: ['reason'],
    },
  },
];

const defaultPatienceSeconds = 45;

/**
 * The tools that the agent is offered in one call. Who calls us is no machine that one has to tell apart; what the
 * client does not allow is not offered either, though that alone would hold nobody back.
 */
export function agentToolsFor(direction: Direction, authority = openAuthority): readonly VoiceTool[] {
  return agentTools
    .filter(({ name }) => name !== 'who_answered' || direction === 'outbound')
    .filter(({ name }) => name !== 'press_digits' || authority.mayPressKeys)
    .map((tool) =>
      tool.name === 'press_digits' && authority.secrets.length > 0
        ? withSecrets(tool, authority.secrets)
        : tool,
    );
}

function withSecrets(tool: VoiceTool, secrets: readonly string[]): VoiceTool {
  const { properties } = tool.parameters;
  const description = 'Instead of digits: the name of what your client lets you press without knowing it.';
  return {
    ...tool,
    parameters: {
      type: 'object',
      properties: {
        ...(isRecord(properties) ? properties : {}),
        secret: { type: 'string', enum: secrets, description },
      },
    },
  };
}

/** What the agent asked for, read from a tool call. */
export type ToolUse =
  | { readonly kind: 'report-outcome'; readonly report: OutcomeReport }
  | { readonly kind: 'end-call'; readonly reason: string }
  /** `secret`: the name of what is pressed instead of digits, which then are its shown form. */
  | { readonly kind: 'press-digits'; readonly digits: string; readonly secret: string | null }
  | { readonly kind: 'ask-owner'; readonly question: string; readonly patienceMs: number }
  | { readonly kind: 'who-answered'; readonly who: (typeof answerers)[number] }
  | { readonly kind: 'do-not-call' }
  | { readonly kind: 'hand-to-human'; readonly reason: string }
  | { readonly kind: 'stay-silent'; readonly isOnHold: boolean }
  /** One of the owner's. */
  | { readonly kind: 'own-tool'; readonly tool: OwnTool }
  /** `message` tells the agent what is wrong. */
  | { readonly kind: 'invalid'; readonly message: string };

/** An outcome as the agent tells it, before its quotes are looked up in the transcript. */
export interface OutcomeReport {
  readonly status: OutcomeStatus;
  readonly summary: string;
  readonly entities: Readonly<Record<string, Omit<OutcomeEntity, 'turn'>>>;
}

/**
 * Reads a tool call of the agent; never throws, whatever the model wrote.
 *
 * @param ownTools those that the owner gave it
 */
export function readToolUse(name: string, argumentsText: string, ownTools: readonly OwnTool[] = []): ToolUse {
  const given = parsedObject(argumentsText);
  if (given === undefined)
    return { kind: 'invalid', message: `The arguments of ${name} are not a JSON object.` };
  switch (name) {
    case 'report_outcome':
      return readReport(given);
    case 'end_call':
      return { kind: 'end-call', reason: textOf(given.reason) ?? '' };
    case 'press_digits': {
      const secret = textOf(given.secret);
      if (secret !== undefined) return { kind: 'press-digits', digits: shownSecret(secret), secret };
      const digits = pressable(textOf(given.digits) ?? '');
      if (/^[0-9*#wW]{1,32}$/.test(digits)) return { kind: 'press-digits', digits, secret: null };
      return { kind: 'invalid', message: 'digits must be 1 to 32 of 0-9 * # w W.' };
    }
    case 'ask_owner': {
      const question = textOf(given.question);
      if (question === undefined) return { kind: 'invalid', message: 'question must be a sentence.' };
      const seconds =
        typeof given.patience_seconds === 'number' ? given.patience_seconds : defaultPatienceSeconds;
      return { kind: 'ask-owner', question, patienceMs: Math.min(120, Math.max(10, seconds)) * 1000 };
    }
    case 'do_not_call':
      return { kind: 'do-not-call' };
    case 'hand_to_human':
      return { kind: 'hand-to-human', reason: textOf(given.reason) ?? 'The person asked for a human.' };
    case 'stay_silent':
      return { kind: 'stay-silent', isOnHold: given.reason === 'on_hold' };
    case 'who_answered': {
      const who = answerers.find((known) => known === given.answerer);
      if (who !== undefined) return { kind: 'who-answered', who };
      return { kind: 'invalid', message: `answerer must be one of ${answerers.join(', ')}.` };
    }
    default: {
      const tool = ownTools.find((own) => own.name === name);
      if (tool !== undefined) return { kind: 'own-tool', tool };
      return { kind: 'invalid', message: `There is no tool named ${name}.` };
    }
  }
}

function readReport(given: Record<string, unknown>): ToolUse {
  const status = outcomeStatuses.find((known) => known === given.status);
  if (status === undefined) {
    return { kind: 'invalid', message: `status must be one of ${outcomeStatuses.join(', ')}.` };
  }
  const entities: Record<string, Omit<OutcomeEntity, 'turn'>> = {};
  for (const entry of entitiesGiven(given.entities).slice(0, 50)) {
    const name = textOf(entry.name);
    if (name === undefined || name === '__proto__') continue;
    const value: unknown = entry.value;
    const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    const known: EntityStatus = entityStatuses.find((other) => other === entry.status) ?? 'inferred';
    entities[name] = {
      value: isPlain ? value : value === null || value === undefined ? null : JSON.stringify(value),
      status: known,
      quote: textOf(entry.quote) ?? null,
    };
  }
  return { kind: 'report-outcome', report: { status, summary: textOf(given.summary) ?? '', entities } };
}

/** As a list, or by their names, as models write them too. */
function entitiesGiven(value: unknown): readonly Record<string, unknown>[] {
  if (Array.isArray(value)) return value.filter(isObject);
  if (!isObject(value)) return [];
  return Object.entries(value).map(([name, entity]) => ({
    ...(isObject(entity) ? entity : { value: entity }),
    name,
  }));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsedObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text === '' ? '{}' : text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}
