import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dialTwiml, pressTwiml, sayAndHangUpTwiml } from '../src/carriers/twilio/twiml.ts';
import { createSignatureCheck } from '../src/carriers/twilio/signature.ts';
import { MediaLayout } from '../src/carriers/twilio/media-layout.ts';
import { parseMessage as parseMediaMessage } from '../src/carriers/twilio/messages.ts';
import { Guard } from '../src/http/guard.ts';
import { HttpRefusal } from '../src/http/http-refusal.ts';
import { LoginCookies } from '../src/http/login-cookie.ts';
import { readAuthTokens } from '../src/lib/auth-tokens.ts';
import { ClientAddresses } from '../src/lib/client-addresses.ts';
import { InvalidRequest } from '../src/lib/errors.ts';
import { sequenceOf } from '../src/mcp/cursor.ts';
import { readText } from '../src/mcp/legs/message-text.ts';
import { refusalOf } from '../src/mcp/scope-check.ts';
import { readCursor } from '../src/storage/postgres/list-cursor.ts';
import { DeltaReader } from '../src/voice-models/openai-realtime/delta-reader.ts';
import { EventTranslator } from '../src/voice-models/openai-realtime/event-translator.ts';
import { parseMessage as parseModelMessage } from '../src/voice-models/openai-realtime/json.ts';
import { serverEvent } from '../src/voice-models/openai-realtime/server-events.ts';

/** The same inputs at every run, so that what fails once fails always. */
const runs = { seed: 20_261_122, numRuns: 400 };

/** JSON that looks right at first sight: known keys and words, in places where they do not belong. */
function jsonWith(words: readonly string[]): fc.Arbitrary<string> {
  const word = fc.constantFrom(...words);
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      word,
      fc.string(),
      fc.integer(),
      fc.constantFrom(null, true, -1, 1e308),
      fc.dictionary(fc.oneof(word, fc.string()), tie('value'), { maxKeys: 6 }),
      fc.array(tie('value'), { maxLength: 4 }),
    ),
  }));
  const text = value.map((made) => JSON.stringify(made));
  const broken = fc.tuple(text, fc.nat(200)).map(([whole, at]) => whole.slice(0, at));
  return fc.oneof(text, broken, fc.string());
}

function bytesOf(text: fc.Arbitrary<string>): fc.Arbitrary<Buffer> {
  return fc.oneof(
    text.map((made) => Buffer.from(made)),
    fc.uint8Array({ maxLength: 300 }).map((made) => Buffer.from(made)),
  );
}

describe('whatever arrives', () => {
  test('as a media message, it is read as one of ours or as malformed', () => {
    const words = [
      'event',
      'media',
      'start',
      'mark',
      'dtmf',
      'stop',
      'payload',
      'timestamp',
      'track',
      'inbound',
      'streamSid',
      'callSid',
      'customParameters',
      'digit',
      'name',
      '20',
      'gICA',
    ];
    const kinds = [
      'connected',
      'start',
      'media',
      'other-track',
      'dtmf',
      'mark',
      'stop',
      'unknown',
      'malformed',
    ];
    fc.assert(
      fc.property(bytesOf(jsonWith(words)), (bytes) => {
        const message = parseMediaMessage(bytes, new MediaLayout());
        expect(kinds).toContain(message.event);
        if (message.event === 'media') expect(message.streamTimeMs).toBeGreaterThanOrEqual(0);
      }),
      runs,
    );
  });

  test('as an event of the model, it is read or left', () => {
    const words = [
      'type',
      'error',
      'session.created',
      'response.done',
      'response',
      'conversation.item.added',
      'item',
      'item_id',
      'response_id',
      'delta',
      'response.output_audio.delta',
      'response.output_audio_transcript.delta',
      'response.output_item.done',
      'function_call',
      'call_id',
      'output',
      'status',
      'failed',
      'status_details',
      'message',
      'code',
      'event_id',
      'gICA',
    ];
    const reader = new DeltaReader();
    const translator = new EventTranslator();
    fc.assert(
      fc.property(bytesOf(jsonWith(words)), (bytes) => {
        const read = reader.audio(bytes) ?? reader.words(bytes);
        const parsed = read === undefined ? parseModelMessage(bytes) : undefined;
        const event = parsed && serverEvent(parsed);
        if (event !== undefined) translator.translate(event);
      }),
      runs,
    );
  });

  test('as a JSON-RPC message, it is read or refused, and without scopes never reaches a call', () => {
    const words = [
      'jsonrpc',
      '2.0',
      'id',
      'method',
      'params',
      'result',
      'tools/call',
      'resources/read',
      'name',
      'telephony.call',
      'telephony_cancel',
      'arguments',
      'inputResponses',
      '__proto__',
      'constructor',
    ];
    const nobody = { by: 'token', name: 'nobody', scopes: [], expiresAt: null } as const;
    const request = fc
      .record({
        jsonrpc: fc.constant('2.0'),
        id: fc.oneof(fc.nat(), fc.string()),
        method: fc.constantFrom('tools/call', 'resources/read', 'ping', 'calls/secret'),
        params: fc.dictionary(fc.constantFrom(...words), fc.oneof(fc.constantFrom(...words), fc.object())),
      })
      .map((made) => JSON.stringify(made));
    fc.assert(
      fc.property(fc.oneof(jsonWith(words), request), (text) => {
        const read = readText(text);
        for (const part of 'batch' in read ? read.batch : [read]) {
          if ('refusal' in part) {
            expect(JSON.parse(part.refusal)).toHaveProperty('error');
            continue;
          }
          const refused = refusalOf(part.message, nobody);
          if ('method' in part.message && part.message.method === 'tools/call') expect(refused).toBeDefined();
        }
      }),
      runs,
    );
  });

  test('as a scope check, any JSON at all makes no fault', () => {
    const nobody = { by: 'token', name: 'nobody', scopes: [], expiresAt: null } as const;
    fc.assert(
      fc.property(fc.jsonValue(), (value) => void refusalOf(value, nobody)),
      runs,
    );
  });

  test('as a webhook without the signature, it does not pass', () => {
    const check = createSignatureCheck('the-auth-token', 'https://phone.example');
    const header = fc.oneof(
      fc.constant(undefined),
      fc.string(),
      fc.base64String({ minLength: 28, maxLength: 28 }),
    );
    fc.assert(
      fc.property(
        fc.constantFrom('GET', 'POST'),
        fc.string(),
        fc.string(),
        header,
        fc.string(),
        (method, path, query, given, body) => {
          const headers = given === undefined ? {} : { 'x-twilio-signature': given };
          const url = `${path}?bodySHA256=${query}`;
          expect(check.webhook({ method, url, headers, body })).toBe(false);
          expect(check.upgrade({ url: path, headers })).toBe(false);
        },
      ),
      runs,
    );
  });

  test('as a cursor, it is one that we wrote or is refused in words', () => {
    const read = (reader: (text: string) => unknown, text: string): void => {
      try {
        reader(text);
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidRequest);
      }
    };
    const text = fc.oneof(
      fc.string(),
      fc.base64String(),
      jsonWith(['c1', 'call_1']).map((json) => Buffer.from(json).toString('base64url')),
    );
    fc.assert(
      fc.property(text, (cursor) => {
        read(readCursor, cursor);
        read(sequenceOf, cursor);
      }),
      runs,
    );
  });

  test('as a credential, it lets nobody in', async () => {
    const { tokens: authTokens } = readAuthTokens(['a-token-that-nobody-guesses;name=owner']);
    const logins = new LoginCookies(authTokens, () => 0);
    const guard = new Guard({
      authTokens,
      logins,
      accessTokens: null,
      addresses: new ClientAddresses(['127.0.0.0/8']),
      publicUrl: () => 'https://phone.example',
      now: () => 0,
    });
    const credential = fc.oneof(
      fc.string(),
      fc.string().map((text) => `Bearer ${text}`),
      fc.constant('Bearer owner'),
    );
    const cookie = fc.oneof(
      fc.string(),
      fc.string().map((text) => `telephone_session=${text}`),
      fc
        .tuple(
          fc.nat(),
          fc.string({ unit: fc.constantFrom('A', 'z', '0', '-', '_'), minLength: 43, maxLength: 43 }),
        )
        .map(([time, signature]) => `telephone_session=owner~${time}~${signature}`),
    );
    const header = fc.record(
      {
        authorization: credential,
        cookie,
        origin: fc.string(),
        host: fc.string(),
        'x-forwarded-for': fc.string(),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(header, fc.boolean(), async (headers, login) => {
        const refusal = await guard.admit({ peerAddress: '127.0.0.1', headers }, { login }).then(
          () => 'admitted',
          (error: unknown) => error,
        );
        expect(refusal).toBeInstanceOf(HttpRefusal);
      }),
      runs,
    );
  });

  test('as a setting of tokens, it is read or told as a problem', () => {
    const part = fc.constantFrom(
      'secret',
      ';',
      '=',
      '+',
      'scopes=',
      'calls:read',
      'expires=',
      '2027-01-31',
      'T10:00Z',
      'name=',
      ' ',
      '\0',
    );
    const entry = fc.oneof(
      fc.string(),
      fc.array(part, { maxLength: 8 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 3 }), (entries) => {
        const { tokens, problems } = readAuthTokens(entries);
        if (problems.length > 0) return;
        for (const { token, name } of tokens)
          expect([token, name]).toEqual([
            expect.stringMatching(/^[\x21-\x3a\x3c-\x7e]+$/),
            expect.stringMatching(/^[\w.-]+$/),
          ]);
      }),
      runs,
    );
  });
});

test('no text breaks out of its place in TwiML', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('</Say><Dial>', '"/><Redirect>', ']]>', '&#60;', '<!--'),
  );
  const tagsOf = (document: string) =>
    [...document.matchAll(/<[^>]*>/g)].map(([tag]) => /^<[/?]?\w+/.exec(tag)?.[0]);
  const dialed = (to: string, from: string) =>
    dialTwiml(
      { to, from, ringTimeoutSeconds: 30 },
      {
        answeredUrl: 'https://phone.example/answered',
        keyUrl: 'https://phone.example/key',
        endedUrl: 'https://phone.example/ended',
      },
    );
  const claim = { callId: 'call_1', streamToken: 'token' };
  const addresses = {
    streamUrl: 'wss://phone.example/call',
    statusUrl: 'https://phone.example/stream-status',
  };
  fc.assert(
    fc.property(text, text, (one, other) => {
      expect(tagsOf(sayAndHangUpTwiml(one))).toEqual(tagsOf(sayAndHangUpTwiml('')));
      expect(tagsOf(dialed(one, other))).toEqual(tagsOf(dialed('', '')));
      const pressed = pressTwiml(one, { ...claim, callId: other }, addresses);
      expect(tagsOf(pressed)).toEqual(tagsOf(pressTwiml('', claim, addresses)));
      expect(pressed).toMatch(/<Play digits="[0-9*#wW]*"\/>/);
    }),
    runs,
  );
});
