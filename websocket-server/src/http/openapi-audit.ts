import { auditDoors } from '../control/audit-log.ts';

type Json = Readonly<Record<string, unknown>>;

const text = { type: 'string' };
const maybeText = { type: ['string', 'null'] };
const time = { type: 'integer', description: 'ms since 1970' };
const outcome = { enum: ['done', 'refused'] };
const door = { enum: auditDoors };

const filters: Readonly<Record<string, Json>> = {
  limit: { type: 'integer', minimum: 1, maximum: 500, default: 100 },
  before: { type: 'integer', description: '`nextCursor` of an earlier page' },
  action: { type: 'string', description: 'e.g. call-placed, call-steered, transcript-read' },
  outcome,
  name: { type: 'string', description: 'Name of a token, or subject of an access token' },
  door,
  callId: text,
  since: time,
  until: time,
};

const properties: Readonly<Record<string, Json>> = {
  at: time,
  action: text,
  outcome,
  detail: { type: ['string', 'null'], description: 'Why it was refused, or which way of acting' },
  by: { enum: ['machine', 'token', 'issuer', null] },
  name: maybeText,
  door,
  address: maybeText,
  callId: maybeText,
};

/** @param refused answers that every route may give */
export function auditPaths(refused: Json): Json {
  const entry = { type: 'object', properties, required: Object.keys(properties) };
  const page = {
    type: 'object',
    properties: { entries: { type: 'array', items: entry }, nextCursor: { type: ['integer', 'null'] } },
    required: ['entries', 'nextCursor'],
  };
  return {
    '/api/audit': {
      get: {
        operationId: 'readAudit',
        summary: 'Who placed, steered and read what, who logged in and who was refused; newest first',
        description: 'Needs all three scopes.',
        parameters: Object.entries(filters).map(([name, schema]) => ({ name, in: 'query', schema })),
        responses: {
          200: { description: 'A page', content: { 'application/json': { schema: page } } },
          ...refused,
        },
      },
    },
  };
}
