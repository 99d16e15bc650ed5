import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';

const schemaUrl = new URL('../../simulator/schemas/openai-realtime.schema.json', import.meta.url);

const ajv = new Ajv({ allErrors: true, strict: false });
ajv.addSchema(JSON.parse(readFileSync(schemaUrl, 'utf8')) as object, 'openai');
const validate = ajv.compile({ $ref: 'openai#/definitions/ClientEventStrict' });

/** What OpenAI's published schema objects to in a message of ours; empty when nothing. */
export function objections(message: unknown): readonly string[] {
  return validate(message)
    ? []
    : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}
