import { Ajv } from 'ajv';
import type { ErrorObject, ValidateFunction } from 'ajv';
import callsSchema from '../../schemas/twilio-calls.schema.json' with { type: 'json' };
import mediaStreamsSchema from '../../schemas/twilio-media-streams.schema.json' with { type: 'json' };

/** What our peer may send on a media stream. */
export type ToTwilio =
  | { readonly event: 'media'; readonly streamSid: string; readonly media: { readonly payload: string } }
  | { readonly event: 'mark'; readonly streamSid: string; readonly mark: { readonly name: string } }
  | { readonly event: 'clear'; readonly streamSid: string };

/** The parameters of `POST Calls.json` that the network acts on. */
export interface CreateCallParams {
  readonly To: string;
  readonly From: string;
  readonly Url?: string;
  readonly Method?: 'GET' | 'POST';
  readonly FallbackUrl?: string;
  readonly FallbackMethod?: 'GET' | 'POST';
  readonly Twiml?: string;
  readonly ApplicationSid?: string;
  readonly StatusCallback?: string;
  readonly StatusCallbackEvent?: readonly string[];
  readonly StatusCallbackMethod?: 'GET' | 'POST';
  readonly Timeout?: number;
  readonly TimeLimit?: number;
  readonly SendDigits?: string;
  readonly MachineDetection?: 'Enable' | 'DetectMessageEnd';
  readonly AsyncAmd?: 'true' | 'false';
  readonly AsyncAmdStatusCallback?: string;
  readonly AsyncAmdStatusCallbackMethod?: 'GET' | 'POST';
  readonly Record?: boolean;
  readonly RecordingStatusCallback?: string;
  readonly RecordingStatusCallbackMethod?: 'GET' | 'POST';
}

/** The parameters of `POST Calls/{sid}.json`. */
export interface UpdateCallParams {
  readonly Status?: 'canceled' | 'completed';
  readonly Url?: string;
  readonly Method?: 'GET' | 'POST';
  readonly Twiml?: string;
  readonly TimeLimit?: number;
}

const forms = new Ajv({ coerceTypes: 'array', strict: false, schemas: [callsSchema] });
const messages = new Ajv({ strict: false, discriminator: false, schemas: [mediaStreamsSchema] });

export const checkCreateCall = compiled<CreateCallParams>(
  forms,
  'twilio-calls.schema.json',
  'CreateCallParams',
);
export const checkUpdateCall = compiled<UpdateCallParams>(
  forms,
  'twilio-calls.schema.json',
  'UpdateCallParams',
);
const checkToTwilio = {
  media: compiled<ToTwilio>(messages, 'twilio-media-streams.schema.json', 'SendMediaMessage'),
  mark: compiled<ToTwilio>(messages, 'twilio-media-streams.schema.json', 'SendMarkMessage'),
  clear: compiled<ToTwilio>(messages, 'twilio-media-streams.schema.json', 'SendClearMessage'),
};

/** @returns the message, or what is wrong with it */
export function parseToTwilio(text: string): ToTwilio | { readonly problem: string } {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return { problem: 'not JSON' };
  }
  const event =
    typeof message === 'object' && message !== null && 'event' in message ? message.event : undefined;
  if (event !== 'media' && event !== 'mark' && event !== 'clear') {
    return { problem: `no message may have the event ${JSON.stringify(event) ?? 'undefined'}` };
  }
  const check = checkToTwilio[event];
  return check(message) ? message : { problem: problemOf(check.errors) };
}

/** The first thing that is wrong, in words. */
export function problemOf(errors: readonly ErrorObject[] | null | undefined): string {
  const [error] = errors ?? [];
  if (error === undefined) return 'invalid';
  const extra: unknown = error.params['additionalProperty'];
  const where = error.instancePath === '' ? 'the request' : error.instancePath.slice(1);
  return `${where} ${error.message ?? 'is invalid'}${typeof extra === 'string' ? `: ${extra}` : ''}`;
}

function compiled<T>(ajv: Ajv, schema: string, definition: string): ValidateFunction<T> {
  const check = ajv.getSchema<T>(`${schema}#/definitions/${definition}`);
  if (check === undefined) throw new Error(`${schema} has no ${definition}`);
  return check;
}
