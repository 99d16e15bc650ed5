import { Ajv } from 'ajv';
import type { ErrorObject, ValidateFunction } from 'ajv';
import schemaFile from '../../schemas/openai-realtime.schema.json' with { type: 'json' };
import { refusal } from './wire.ts';
import type { ClientEvent, Problem } from './wire.ts';

/** Strict definitions, by the type of the event. `session.update` is looked up further: see `definitionOf`. */
const definitionNames: Readonly<Record<ClientEvent['type'], string>> = {
  'conversation.item.create': 'RealtimeClientEventConversationItemCreateStrict',
  'conversation.item.delete': 'RealtimeClientEventConversationItemDeleteStrict',
  'conversation.item.retrieve': 'RealtimeClientEventConversationItemRetrieveStrict',
  'conversation.item.truncate': 'RealtimeClientEventConversationItemTruncateStrict',
  'input_audio_buffer.append': 'RealtimeClientEventInputAudioBufferAppendStrict',
  'input_audio_buffer.clear': 'RealtimeClientEventInputAudioBufferClearStrict',
  'input_audio_buffer.commit': 'RealtimeClientEventInputAudioBufferCommitStrict',
  'output_audio_buffer.clear': 'RealtimeClientEventOutputAudioBufferClearStrict',
  'response.cancel': 'RealtimeClientEventResponseCancelStrict',
  'response.create': 'RealtimeClientEventResponseCreateStrict',
  'session.update': 'RealtimeClientEventSessionUpdateStrict',
};

/** Audio of one append may be 15 MiB long. */
const longestAudioBytes = 15 * 1024 * 1024;

export type Checked =
  | { readonly event: ClientEvent }
  /** The event as far as it could be read, and why it was refused. */
  | { readonly problem: Problem; readonly eventId: string | null; readonly received: unknown };

/** Parses one message of a client and refuses whatever the real API would refuse by its shape. */
export function checkClientEvent(text: string): Checked {
  let received: unknown;
  try {
    received = JSON.parse(text);
  } catch {
    return refused(refusal('invalid_json', 'We could not parse the JSON body of your event.'), text);
  }
  if (!isObject(received)) {
    return refused(refusal('invalid_event', 'An event must be a JSON object.'), received);
  }
  const { type } = received;
  if (type === undefined) {
    return refused(
      refusal('missing_required_parameter', "Missing required parameter: 'type'.", 'type'),
      received,
    );
  }
  if (!isClientEventType(type)) {
    const supported = listed(Object.keys(definitionNames));
    const message = `Invalid value: '${String(type)}'. Supported values are: ${supported}.`;
    return refused(refusal('invalid_value', message, 'type'), received);
  }
  const problem =
    type === 'input_audio_buffer.append' ? audioProblem(received) : shapeProblem(type, received);
  return problem ? refused(problem, received) : { event: received as unknown as ClientEvent };
}

function refused(problem: Problem, received: unknown): Checked {
  const eventId =
    isObject(received) && typeof received['event_id'] === 'string' ? received['event_id'] : null;
  return { problem, eventId, received };
}

/** By hand, since fifty of these arrive a second. */
function audioProblem(event: Readonly<Record<string, unknown>>): Problem | undefined {
  for (const field in event) {
    if (field === 'type' || field === 'audio' || field === 'event_id') continue;
    return refusal('unknown_parameter', `Unknown parameter: '${field}'.`, field);
  }
  const { audio } = event;
  if (audio === undefined) {
    return refusal('missing_required_parameter', "Missing required parameter: 'audio'.", 'audio');
  }
  const isBase64 =
    typeof audio === 'string' && audio.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(audio);
  if (!isBase64)
    return refusal('invalid_value', "Invalid 'audio'. Expected base64-encoded audio bytes.", 'audio');
  if ((audio.length / 4) * 3 > longestAudioBytes + 2) {
    return refusal('invalid_value', "Invalid 'audio'. An append carries at most 15 MiB of audio.", 'audio');
  }
  return undefined;
}

function shapeProblem(
  type: ClientEvent['type'],
  event: Readonly<Record<string, unknown>>,
): Problem | undefined {
  const envelope = firstProblem(validatorOf(definitionNames[type]), event, '');
  if (type !== 'session.update' || !isObject(event['session'])) return envelope;
  // The envelope's `session` is realtime or transcription; errors of a union of two whole sessions say nothing.
  const { session } = event;
  const others = Object.keys(event).find((field) => !['type', 'event_id', 'session'].includes(field));
  if (others !== undefined) return refusal('unknown_parameter', `Unknown parameter: '${others}'.`, others);
  if (session['type'] === 'transcription') {
    const message = 'Passing a transcription session update event to a realtime session is not allowed.';
    return refusal('invalid_value', message, 'session.type');
  }
  return firstProblem(validatorOf('RealtimeSessionCreateRequestGAStrict'), session, 'session') ?? envelope;
}

// Compiled schemas are a cache of something constant: sharing them between servers shares no state.
const ajv = new Ajv({ allErrors: true, strict: false, verbose: true });
let isSchemaKnown = false;
const validators = new Map<string, ValidateFunction>();

/** @param definition a name under `definitions` of the Realtime schema */
export function validatorOf(definition: string): ValidateFunction {
  const known = validators.get(definition);
  if (known) return known;
  if (!isSchemaKnown) ajv.addSchema(schemaFile, 'openai-realtime');
  isSchemaKnown = true;
  const compiled = ajv.compile({ $ref: `openai-realtime#/definitions/${definition}` });
  validators.set(definition, compiled);
  return compiled;
}

function firstProblem(validate: ValidateFunction, value: unknown, within: string): Problem | undefined {
  if (validate(value)) return undefined;
  const errors = relevantErrors(validate.errors ?? []);
  const rank = ({ keyword }: ErrorObject) => ['additionalProperties', 'required'].indexOf(keyword) >>> 0;
  const [first] = errors.toSorted((a, b) => rank(a) - rank(b));
  return first
    ? problemOf(first, errors, within)
    : refusal('invalid_value', 'Invalid value.', within || null);
}

/**
 * Unions report the errors of all their branches. A branch whose `type` or `role` does not match was not meant,
 * so its errors go, unless no branch matches: then the `type` itself is what is wrong.
 */
function relevantErrors(errors: readonly ErrorObject[]): ErrorObject[] {
  const tags = errors.filter(
    ({ keyword, schemaPath }) => keyword === 'const' && /\/(type|role)\/const$/.test(schemaPath),
  );
  // A schema with unions inside is compiled by itself, and its paths begin at `#/`: those name no branch.
  const unmeant = tags
    .map(({ schemaPath }) => schemaPath.replace(/properties\/(type|role)\/const$/, ''))
    .filter((branch) => branch !== '#/');
  const meant = errors.filter(
    (error) =>
      !['oneOf', 'anyOf'].includes(error.keyword) &&
      !(error.keyword === 'type' && error.schema === 'null') &&
      !tags.includes(error) &&
      !isOfOtherKind(error) &&
      !unmeant.some((branch) => error.schemaPath.startsWith(branch)),
  );
  if (meant.length > 0) return meant;
  return tags.length > 0 ? tags : [...errors];
}

/** Whether an object was measured by a schema that is for another `type` or `role`. */
function isOfOtherKind({ parentSchema, data }: ErrorObject): boolean {
  const properties: unknown = parentSchema?.['properties'];
  if (!isObject(properties) || !isObject(data)) return false;
  return ['type', 'role'].some((tag) => {
    const wanted = properties[tag];
    return isObject(wanted) && wanted['const'] !== undefined && tag in data && wanted['const'] !== data[tag];
  });
}

function problemOf(error: ErrorObject, all: readonly ErrorObject[], within: string): Problem {
  const at = paramOf(within, error.instancePath);
  const inside = (field: unknown) => (at === '' ? String(field) : `${at}.${String(field)}`);
  const params = error.params as Readonly<Record<string, unknown>>;
  switch (error.keyword) {
    case 'additionalProperties': {
      const field = inside(params['additionalProperty']);
      return refusal('unknown_parameter', `Unknown parameter: '${field}'.`, field);
    }
    case 'required': {
      const field = inside(params['missingProperty']);
      return refusal('missing_required_parameter', `Missing required parameter: '${field}'.`, field);
    }
    case 'const':
    case 'enum': {
      const same = all.filter(({ instancePath }) => instancePath === error.instancePath);
      const supported = same.flatMap(({ keyword, schema }) =>
        keyword === 'enum' ? (schema as unknown[]) : [schema],
      );
      const names = listed([...new Set(supported.map(String))]);
      const message = `Invalid value: '${String(error.data)}'. Supported values are: ${names}.`;
      return refusal('invalid_value', message, at);
    }
    case 'type': {
      const message = `Invalid type for '${at}': expected ${String(params['type'])}, but got ${typeName(error.data)} instead.`;
      return refusal('invalid_type', message, at);
    }
    default:
      return refusal('invalid_value', `Invalid '${at}': ${error.message ?? 'not allowed'}.`, at);
  }
}

/** `/tools/0/name` within `session` is `session.tools[0].name`. */
function paramOf(within: string, instancePath: string): string {
  const steps = instancePath.split('/').slice(1);
  return steps.reduce((path, step) => {
    if (/^\d+$/.test(step)) return `${path}[${step}]`;
    return path === '' ? step : `${path}.${step}`;
  }, within);
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return Number.isInteger(value) ? 'an integer' : `a ${typeof value}`;
}

function listed(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isClientEventType(type: unknown): type is ClientEvent['type'] {
  return typeof type === 'string' && Object.hasOwn(definitionNames, type);
}
