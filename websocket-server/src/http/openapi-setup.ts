import { limitsBody } from '../control/policy/limits-body.ts';
import { settingsBody } from '../settings/settings-body.ts';
import { body, json, maybeText, object, reference, refused, schemaOf, text } from './openapi-shapes.ts';
import type { Json } from './openapi-shapes.ts';
import { saveBody } from './settings-routes.ts';
import { numberBody, webhookBody } from './setup-routes.ts';

const chosen = { number: maybeText, chosenBy: { enum: ['settings', 'environment', null] } };

function answers(description: string, schema: Json): Json {
  return { 200: json(description, schema), ...refused };
}

const number = object({
  number: text,
  label: maybeText,
  hasVoice: { type: 'boolean' },
  isPointedHere: { type: 'boolean' },
  callsGoTo: maybeText,
});

const limits: Json = {
  type: 'array',
  description: 'Every limit on calls',
  items: object({
    variable: { type: 'string', description: 'The environment variable that sets it, and its name here' },
    value: {
      description:
        'What holds: a count, US dollars, `HH:MM-HH:MM` or `off`, countries, or numbers; null: no limit, or for ALLOWED_COUNTRIES the calling code of `from`',
    },
    default: { description: 'What holds where nothing is set' },
    source: {
      enum: ['environment', 'saved', 'default'],
      description: 'Who has set it; what the environment sets cannot be changed here',
    },
  }),
};

/** Schemas that `setupPaths` refers to. */
export const setupSchemas: Json = {
  Settings: schemaOf(settingsBody),
  SettingsPage: object(
    {
      version: { type: 'integer', description: '0 before anything was saved' },
      savedAt: { type: ['integer', 'null'], description: 'ms since 1970' },
      settings: reference('Settings'),
      defaults: { type: 'object', description: 'What holds where a setting is null' },
      choices: object({
        voices: { type: 'array', items: text },
        models: { type: 'array', items: text },
      }),
      limits,
      builtInTools: { type: 'array', items: { type: 'object' } },
      liveCalls: { type: 'integer', description: 'Calls that went on under the settings saved' },
    },
    {
      required: ['version', 'savedAt', 'settings', 'defaults', 'choices', 'limits', 'builtInTools'],
    },
  ),
};

/** The set-up and the settings, described as OpenAPI 3.1. */
export const setupPaths: Json = {
  '/api/setup': {
    get: {
      operationId: 'readSetup',
      summary: 'The checks of the set-up, as far as they are; ask again while isRunning',
      parameters: [
        { name: 'fresh', in: 'query', description: 'Run them again', schema: { type: 'boolean' } },
        {
          name: 'waitSec',
          in: 'query',
          description: 'Answer when all are through, or after so long',
          schema: { type: 'number', minimum: 0, maximum: 30 },
        },
      ],
      responses: answers(
        'The checks',
        object({
          demo: object({ carrier: { type: 'boolean' }, voiceModel: { type: 'boolean' } }),
          ...chosen,
          isReady: { type: 'boolean' },
          isRunning: { type: 'boolean' },
          startedAt: { type: 'integer', description: 'ms since 1970' },
          checks: {
            type: 'array',
            items: object(
              {
                id: text,
                title: text,
                state: { enum: ['ok', 'warning', 'problem', 'skipped', 'running'] },
                message: text,
                fix: text,
              },
              { required: ['id', 'title', 'state', 'message'] },
            ),
          },
        }),
      ),
    },
  },
  '/api/setup/numbers': {
    get: {
      operationId: 'readNumbers',
      summary: 'The numbers of the carrier’s account, and which one calls come from',
      responses: answers('The numbers', object({ numbers: { type: 'array', items: number }, ...chosen })),
    },
  },
  '/api/setup/number': {
    post: {
      operationId: 'chooseNumber',
      summary: 'Chooses the number that calls come from',
      requestBody: body(numberBody),
      responses: answers('The choice', object(chosen)),
    },
  },
  '/api/setup/webhook': {
    post: {
      operationId: 'pointNumberHere',
      summary: 'Sends calls to a number of the account to this server',
      requestBody: body(webhookBody),
      responses: answers('The number', number),
    },
  },
  '/api/settings': {
    get: {
      operationId: 'readSettings',
      summary: 'The owner’s settings; their version is also the ETag',
      responses: answers('The settings', reference('SettingsPage')),
    },
    put: {
      operationId: 'saveSettings',
      summary: 'Saves settings; refused with 409 when others were saved meanwhile',
      requestBody: body(saveBody),
      responses: answers('The settings saved', reference('SettingsPage')),
    },
  },
  '/api/settings/limits': {
    get: {
      operationId: 'readLimits',
      summary: 'The limits on calls: what holds, the default, and who has set it',
      responses: answers('The limits', object({ limits })),
    },
    patch: {
      operationId: 'changeLimits',
      summary:
        'Sets limits for every call from here on, or takes them back to their defaults by null; 409 where the environment sets one of them',
      requestBody: body(limitsBody),
      responses: answers('The limits by now', object({ limits })),
    },
  },
  '/api/settings/voice-sample': {
    get: {
      operationId: 'hearVoice',
      summary: 'A sentence in a voice of the simulated model; 409 where the model is real',
      parameters: [{ name: 'voice', in: 'query', required: true, schema: text }],
      responses: {
        ...answers('', {}),
        200: { description: 'µ-law, 8 kHz mono', content: { 'audio/wav': {} } },
      },
    },
  },
};
