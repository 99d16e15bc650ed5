import { answerBody, barBody, controlBody, placeBody, stopBody } from './api-requests.ts';
import { auditPaths } from './openapi-audit.ts';
import { callSchemas } from './openapi-schemas.ts';
import { setupPaths, setupSchemas } from './openapi-setup.ts';
import {
  body,
  json,
  maybeNumber,
  maybeText,
  object,
  orNull,
  reference,
  refused,
  schemaOf,
  text,
} from './openapi-shapes.ts';
import type { Json } from './openapi-shapes.ts';
import { webhookPaths, webhookSchemas } from './openapi-webhooks.ts';
import { purgeBody } from './purge-api.ts';
import { loginBody } from './session-routes.ts';

const callId = { name: 'callId', in: 'path', required: true, schema: text };

const paths: Json = {
  '/api/session': {
    get: {
      operationId: 'readSession',
      summary: 'Who the page is to this server; needs no token',
      security: [{}],
      responses: { 200: json('The session', reference('Session')), ...refused },
    },
  },
  '/api/login': {
    post: {
      operationId: 'logIn',
      summary: 'Exchanges a token for a cookie that no script can read; 401 when the token is not known',
      security: [{}],
      requestBody: body(loginBody),
      responses: {
        200: {
          ...json('The session', reference('Session')),
          headers: {
            'Set-Cookie': {
              schema: text,
              description: 'Good for seven days at most, or as long as the access token',
            },
          },
        },
        ...refused,
      },
    },
  },
  '/api/logout': {
    post: {
      operationId: 'logOut',
      summary: 'Takes the cookie back',
      security: [{}],
      responses: { 204: { description: 'Done' }, ...refused },
    },
  },
  '/api/calls': {
    get: {
      operationId: 'listCalls',
      summary: 'Calls, newest first',
      parameters: [
        {
          name: 'state',
          in: 'query',
          description: 'Only calls in these states',
          explode: false,
          schema: { type: 'array', items: reference('CallState') },
        },
        { name: 'direction', in: 'query', schema: { enum: ['outbound', 'inbound'] } },
        {
          name: 'search',
          in: 'query',
          description:
            'Words of the goal, or digits of the person’s number. Looks at 20,000 calls at a time: go on with `nextCursor`, also from an empty page',
          schema: text,
        },
        { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 200, default: 50 } },
        { name: 'before', in: 'query', description: '`nextCursor` of an earlier page', schema: text },
      ],
      responses: {
        200: json(
          'A page',
          object({ calls: { type: 'array', items: reference('Call') }, nextCursor: maybeText }),
        ),
        ...refused,
      },
    },
    post: {
      operationId: 'placeCall',
      summary: 'Places a call; returns as soon as it is recorded and on its way',
      requestBody: { required: true, content: { 'application/json': { schema: reference('PlaceCall') } } },
      responses: {
        201: json('The call', object({ call: reference('Call') })),
        200: json('A dry run: what policy says of the call', reference('Verdict')),
        ...refused,
      },
    },
  },
  '/api/calls/{callId}': {
    get: {
      operationId: 'readCall',
      summary: 'A call and what was said in it',
      parameters: [callId],
      responses: {
        200: json(
          'The call',
          object({ call: reference('Call'), transcript: { type: 'array', items: reference('Turn') } }),
        ),
        ...refused,
      },
    },
    delete: {
      operationId: 'purgeCall',
      summary:
        'Removes a call that has ended or waits for its time, with all that is kept of it, for good; needs every scope',
      parameters: [callId],
      responses: { 200: json('What is gone, and what is not', reference('PurgeReport')), ...refused },
    },
  },
  '/api/purge': {
    post: {
      operationId: 'purgeNumber',
      summary: 'Removes all calls with a number, for good; needs every scope',
      requestBody: body(purgeBody),
      responses: { 200: json('What is gone, and what is not', reference('PurgeReport')), ...refused },
    },
  },
  '/api/export': {
    get: {
      operationId: 'exportCalls',
      summary:
        'All that is held about a call, a number or everybody, a line of JSON each; the last one has the kind `end`',
      parameters: [
        { name: 'callId', in: 'query', schema: text },
        { name: 'number', in: 'query', schema: text },
        { name: 'since', in: 'query', description: 'ISO 8601: calls requested then or later', schema: text },
        { name: 'recordings', in: 'query', description: 'true: with the audio', schema: { type: 'boolean' } },
      ],
      responses: {
        200: { description: 'Lines of JSON', content: { 'application/x-ndjson': {} } },
        ...refused,
      },
    },
  },
  '/api/backup': {
    get: {
      operationId: 'backUp',
      summary: 'A backup of the embedded database and the recordings; needs every scope',
      responses: { 200: { description: 'A file', content: { 'application/gzip': {} } }, ...refused },
    },
  },
  '/api/calls/{callId}/cancel': {
    post: {
      operationId: 'cancelCall',
      summary: 'Ends a call; does nothing to one that has ended',
      parameters: [callId],
      responses: {
        200: json('The call', object({ call: reference('Call'), wasOpen: { type: 'boolean' } })),
        ...refused,
      },
    },
  },
  '/api/calls/{callId}/answer': {
    post: {
      operationId: 'answerQuestion',
      summary: 'Answers what the agent asks its owner; not accepted when that question is no longer open',
      parameters: [callId],
      requestBody: body(answerBody),
      responses: { 200: json('Taken or not', object({ accepted: { type: 'boolean' } })), ...refused },
    },
  },
  '/api/calls/{callId}/recording': {
    get: {
      operationId: 'getRecording',
      summary:
        'What was said in a call that was recorded, a party per channel; a range of its bytes by `Range`',
      parameters: [callId],
      responses: {
        200: { description: 'The recording', content: { 'audio/wav': {} } },
        206: { description: 'The range asked for', content: { 'audio/wav': {} } },
        ...refused,
      },
    },
  },
  '/api/calls/{callId}/control': {
    post: {
      operationId: 'controlCall',
      summary: 'Takes a hand in a live call: say, guide, press, hold, resume, transfer, hang up',
      parameters: [callId],
      requestBody: body(controlBody),
      responses: { 200: json('Done', object({ done: { const: true } })), ...refused },
    },
  },
  '/api/do-not-call': {
    get: {
      operationId: 'listDoNotCall',
      summary: 'Numbers that are never called again, in their order',
      parameters: [
        { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 1000, default: 100 } },
        { name: 'after', in: 'query', description: '`nextCursor` of an earlier page', schema: text },
      ],
      responses: {
        200: json(
          'A page',
          object({
            entries: { type: 'array', items: reference('DoNotCallEntry') },
            nextCursor: maybeText,
          }),
        ),
        ...refused,
      },
    },
    post: {
      operationId: 'addDoNotCall',
      summary: 'Puts a number on the list',
      requestBody: body(barBody),
      responses: {
        201: json('Added', object({ number: text, wasAdded: { const: true } })),
        200: json('It was on the list already', object({ number: text, wasAdded: { const: false } })),
        ...refused,
      },
    },
  },
  '/api/do-not-call/{number}': {
    delete: {
      operationId: 'removeDoNotCall',
      summary: 'Takes a number off the list, with the consent of whoever is there',
      parameters: [{ name: 'number', in: 'path', required: true, schema: text }],
      responses: { 200: json('Removed', object({ wasRemoved: { const: true } })), ...refused },
    },
  },
  '/api/costs': {
    get: {
      operationId: 'readCosts',
      summary: 'What calls requested today and this month (UTC) have cost, and what they may',
      responses: {
        200: json(
          'The costs',
          object({
            currency: { const: 'USD' },
            spent: object({ todayUsd: { type: 'number' }, monthUsd: { type: 'number' } }),
            caps: object({ perCallUsd: maybeNumber, perDayUsd: maybeNumber, perMonthUsd: maybeNumber }),
            stopped: orNull(reference('StopOrder')),
          }),
        ),
        ...refused,
      },
    },
  },
  '/api/stop-all': {
    post: {
      operationId: 'stopAll',
      summary: 'Places no more calls, over restarts too, and has the live ones say goodbye',
      requestBody: { ...body(stopBody), required: false },
      responses: {
        200: json('Stopped', object({ stopped: reference('StopOrder'), ending: { type: 'integer' } })),
        ...refused,
      },
    },
  },
  '/api/resume': {
    post: {
      operationId: 'resume',
      summary: 'Allows calls again after stop-all',
      responses: { 200: json('Allowed', object({ stopped: { type: 'null' } })), ...refused },
    },
  },
  ...setupPaths,
  ...webhookPaths,
  ...auditPaths,
  '/api/status': {
    get: {
      operationId: 'readStatus',
      summary: 'What this server is and what it is connected to',
      responses: {
        200: json(
          'The status',
          object({
            version: text,
            demo: object({ carrier: { type: 'boolean' }, voiceModel: { type: 'boolean' } }),
            model: text,
            voice: text,
            phoneNumber: maybeText,
            canTransfer: { type: 'boolean', description: 'Whether a call can be handed over to its owner' },
            canRecord: { type: 'boolean', description: 'Whether a call may be recorded' },
            publicUrl: maybeText,
          }),
        ),
        ...refused,
      },
    },
  },
  '/api/openapi.json': {
    get: {
      operationId: 'readOpenApi',
      summary: 'This document',
      responses: { 200: json('OpenAPI 3.1', { type: 'object' }), ...refused },
    },
  },
};

/** The REST API, described as OpenAPI 3.1. */
export function openApiDocument(version: string): Json {
  return {
    openapi: '3.1.0',
    info: { title: 'MCP Telephone', version, license: { name: 'MIT', identifier: 'MIT' } },
    security: [{ bearer: [] }, { login: [] }, {}],
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        login: { type: 'apiKey', in: 'cookie', name: 'telephone_session' },
      },
      schemas: { ...callSchemas, ...setupSchemas, ...webhookSchemas, PlaceCall: schemaOf(placeBody) },
    },
  };
}
