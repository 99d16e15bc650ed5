import { deliveryStates } from '../control/webhooks/webhook-desk.ts';
import { webhookKinds } from '../lib/webhook-settings.ts';
import { json, maybeText, maybeTime, object, reference, refused, text, time } from './openapi-shapes.ts';
import type { Json } from './openapi-shapes.ts';

const maybeStatus = { type: ['integer', 'null'], description: 'HTTP status; null when nobody answered' };

export const webhookSchemas: Json = {
  Delivery: object({
    id: { ...text, description: 'The `webhook-id` of all attempts' },
    callId: maybeText,
    kind: { enum: webhookKinds },
    payload: { type: 'object' },
    state: { enum: deliveryStates },
    createdAt: time,
    attempts: { type: 'integer' },
    nextAt: maybeTime,
    lastAt: maybeTime,
    lastStatus: maybeStatus,
    lastError: maybeText,
  }),
};

const replayed = json('How many are sent again', object({ replayed: { type: 'integer' } }));

export const webhookPaths: Json = {
  '/api/webhooks/deliveries': {
    get: {
      operationId: 'listDeliveries',
      summary: 'Events sent, or to be sent, to the operator’s address, newest first',
      parameters: [
        {
          name: 'state',
          in: 'query',
          description: 'dead: not taken, and no longer tried',
          schema: { enum: deliveryStates },
        },
        { name: 'callId', in: 'query', schema: text },
        { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 200, default: 50 } },
        { name: 'before', in: 'query', description: '`nextCursor` of an earlier page', schema: text },
      ],
      responses: {
        200: json(
          'A page',
          object({
            deliveries: { type: 'array', items: reference('Delivery') },
            nextCursor: maybeText,
          }),
        ),
        ...refused,
      },
    },
  },
  '/api/webhooks/deliveries/{deliveryId}/replay': {
    post: {
      operationId: 'replayDelivery',
      summary: 'Sends an event again, with the same id',
      parameters: [{ name: 'deliveryId', in: 'path', required: true, schema: text }],
      responses: { 200: replayed, ...refused },
    },
  },
  '/api/webhooks/replay': {
    post: {
      operationId: 'replayDead',
      summary: 'Sends all dead events again',
      responses: { 200: replayed, ...refused },
    },
  },
  '/api/webhooks/ping': {
    post: {
      operationId: 'pingWebhook',
      summary: 'Sends a signed message of type `ping` now, once, and tells what came back',
      responses: {
        200: json(
          'The answer',
          object({
            delivered: { type: 'boolean' },
            status: maybeStatus,
            error: maybeText,
            tookMs: { type: 'integer' },
          }),
        ),
        ...refused,
      },
    },
  },
};
