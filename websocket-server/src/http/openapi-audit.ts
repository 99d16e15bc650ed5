import { auditDoors } from '../control/audit-log.ts';
import { json, maybeText, object, refused, text, time } from './openapi-shapes.ts';
import type { Json } from './openapi-shapes.ts';

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

const page = object({
  entries: { type: 'array', items: object(properties) },
  nextCursor: { type: ['integer', 'null'] },
});

/** The audit log, described as OpenAPI 3.1. */
export const auditPaths: Json = {
  '/api/audit': {
    get: {
      operationId: 'readAudit',
      summary: 'Who placed, steered and read what, who logged in and who was refused; newest first',
      description: 'Needs all three scopes.',
      parameters: Object.entries(filters).map(([name, schema]) => ({ name, in: 'query', schema })),
      responses: { 200: json('A page', page), ...refused },
    },
  },
};
