import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { MediaLayout } from './media-layout.ts';
import { scanAudio } from './media-scanner.ts';
import { MessageWriter, parseJson, parseMessage, type FromTwilio } from './messages.ts';

const streamSid = `MZ${'a'.repeat(32)}`;
const payload = Buffer.alloc(160, 0xd5).toString('base64');

/** As a value that two readings can be compared by. */
function plain(message: FromTwilio) {
  if (message.event !== 'media') return message;
  return {
    ...message,
    chunk: { ms: message.chunk.ms, base64: Buffer.from(message.chunk.base64).toString() },
  };
}

/** As the first message of its stream, and as one behind a usual one, which is held against that. */
function read(text: string) {
  const first = plain(parseMessage(Buffer.from(text), new MediaLayout()));
  const layout = new MediaLayout();
  layout.read(Buffer.from(usual));
  const later = plain(parseMessage(Buffer.from(text), layout));
  expect(later).toEqual(first);
  // And behind one like itself.
  expect(plain(parseMessage(Buffer.from(text), layout))).toEqual(first);
  return first;
}
const readSlowly = (text: string) => plain(parseJson(Buffer.from(text)));
const isFast = (text: string) => scanAudio(Buffer.from(text)) !== undefined;

const usual = JSON.stringify({
  event: 'media',
  sequenceNumber: '4',
  media: { track: 'inbound', chunk: '2', timestamp: '25', payload },
  streamSid,
});

test('a usual media message is read without JSON.parse', () => {
  expect(isFast(usual)).toBe(true);
  expect(read(usual)).toEqual({ event: 'media', chunk: { ms: 20, base64: payload }, streamTimeMs: 25 });
});

test('the chunk is a view of the message, not a copy', () => {
  const bytes = Buffer.from(usual);
  const layout = new MediaLayout();
  for (const message of [parseMessage(bytes, layout), parseMessage(bytes, layout)]) {
    expect(message.event === 'media' && message.chunk.base64.buffer).toBe(bytes.buffer);
  }
});

test('numbers of any length are read from messages that are otherwise alike', () => {
  const layout = new MediaLayout();
  for (const timestamp of ['0', '25', '999', '1000', '123456789012345', '1234567890123456', '020']) {
    const text = usual.replace('"25"', `"${timestamp}"`).replace('"4"', `"${timestamp}9"`);
    const bytes = Buffer.from(text);
    expect(plain(parseMessage(bytes, layout))).toEqual(readSlowly(text));
  }
});

test('every order of the keys is read without JSON.parse, and alike', () => {
  const media = { track: 'inbound', chunk: '2', timestamp: '25', payload };
  const inner = permutations(Object.entries(media)).map((entries) => Object.fromEntries(entries));
  for (const media of inner) {
    const outer = permutations(Object.entries({ event: 'media', sequenceNumber: '4', media, streamSid }));
    for (const entries of outer) {
      const text = JSON.stringify(Object.fromEntries(entries));
      expect(isFast(text)).toBe(true);
      expect(read(text)).toEqual(readSlowly(text));
    }
  }
});

describe('odd messages are read just as JSON.parse reads them', () => {
  const rows: Record<string, { text: string; fast: boolean }> = {
    'spaces after colons': { text: usual.replaceAll(':', ' : \t'), fast: true },
    'pretty printed': { text: JSON.stringify(JSON.parse(usual), null, 2), fast: true },
    'pretty printed with CRLF': {
      text: `\r\n${JSON.stringify(JSON.parse(usual), null, 2).replaceAll('\n', '\r\n')}\r\n`,
      fast: true,
    },
    'escaped slashes in the payload': { text: usual.replace(payload, String.raw`\/\/\/\/AAAA`), fast: false },
    'unescaped slashes in the payload': { text: usual.replace(payload, '////AAA='), fast: true },
    'escaped letters in the event': { text: usual.replace('"media"', String.raw`"\u006dedia"`), fast: false },
    'escaped letters in a name': {
      text: usual.replace('"payload"', String.raw`"\u0070ayload"`),
      fast: false,
    },
    'the word payload as a value': { text: usual.replace('"4"', '"payload"'), fast: true },
    'a payload in an escaped string': {
      text: usual.replace('"4"', String.raw`"\"payload\":\"AAAA\""`),
      fast: false,
    },
    'a payload beside media': { text: usual.replace('{', '{"payload":"AAAA",'), fast: true },
    'a timestamp beside media': { text: usual.replace('{', '{"timestamp":"7",'), fast: true },
    'an event inside media': { text: usual.replace('"track"', '"event":"stop","track"'), fast: true },
    'a payload twice': { text: usual.replace('"track"', '"payload":"AAAA","track"'), fast: true },
    'a bad payload, then a good one': {
      text: usual.replace('"track"', '"payload":"!","track"'),
      fast: false,
    },
    'an event twice': { text: usual.replace('{', '{"event":"stop",'), fast: true },
    'an event twice, last not media': { text: usual.replace(/}$/, ',"event":"stop"}'), fast: false },
    'media twice': { text: usual.replace(/}$/, ',"media":{"track":"inbound"}}'), fast: false },
    'media twice, last a string': { text: usual.replace(/}$/, ',"media":"x"}'), fast: false },
    'an object inside media': { text: usual.replace('"track"', '"x":{},"track"'), fast: false },
    'an object beside media': { text: usual.replace('{', '{"x":{"payload":"AAAA"},'), fast: false },
    'numbers as numbers': { text: usual.replace('"25"', '25').replace('"4"', '4'), fast: false },
    'a negative timestamp': { text: usual.replace('"25"', '-25'), fast: false },
    'a timestamp of words': { text: usual.replace('"25"', '"soon"'), fast: false },
    'an empty timestamp': { text: usual.replace('"25"', '""'), fast: false },
    'a timestamp beyond exact numbers': {
      text: usual.replace('"25"', '"12345678901234567890"'),
      fast: false,
    },
    'a timestamp with leading zeros': { text: usual.replace('"25"', '"0025"'), fast: true },
    'no timestamp': { text: usual.replace('"timestamp":"25",', ''), fast: false },
    'no track': { text: usual.replace('"track":"inbound",', ''), fast: true },
    'the outbound track': { text: usual.replace('"inbound"', '"outbound"'), fast: true },
    'no payload': { text: usual.replace(`,"payload":"${payload}"`, ''), fast: false },
    'an empty payload': { text: usual.replace(payload, ''), fast: false },
    'a payload of 161 bytes': { text: usual.replace(payload, payload.slice(0, -2) + 'A='), fast: true },
    'a payload without padding': { text: usual.replace(payload, 'AAA'), fast: false },
    'padding alone': { text: usual.replace(payload, '===='), fast: false },
    'padding in the middle': { text: usual.replace(payload, 'AA==AAAA'), fast: false },
    'url-safe base64': { text: usual.replace(payload, 'AA-_'), fast: false },
    'a payload that is null': { text: usual.replace(`"${payload}"`, 'null'), fast: false },
    'a line break inside a string': { text: usual.replace('"4"', '"\n"'), fast: false },
    'an unknown field with letters beyond ASCII': { text: usual.replace('{', '{"ü":"café ☎",'), fast: true },
    'a comma too many': { text: usual.replace(/}$/, ',}'), fast: false },
    'a comma too many inside media': { text: usual.replace('"},', '",},'), fast: false },
    'a comma too few': { text: usual.replace(',"streamSid"', '"streamSid"'), fast: false },
    'a brace too many': { text: `${usual}}`, fast: false },
    'a second message behind': { text: usual + usual, fast: false },
    'words behind': { text: `${usual} x`, fast: false },
    'a byte order mark': { text: `\uFEFF${usual}`, fast: false },
    'single quotes': { text: usual.replaceAll('"', "'"), fast: false },
    'media empty': { text: '{"event":"media","media":{}}', fast: false },
    'media null': { text: '{"event":"media","media":null}', fast: false },
    'media a list': { text: '{"event":"media","media":[]}', fast: false },
    'a __proto__ field': { text: usual.replace('{', '{"__proto__":"x",'), fast: true },
    'an array': { text: `[${usual}]`, fast: false },
    'an empty object': { text: '{}', fast: false },
    nothing: { text: '', fast: false },
    'only spaces': { text: '   ', fast: false },
  };
  test.each(Object.entries(rows))('%s', (_, { text, fast }) => {
    expect(read(text)).toEqual(readSlowly(text));
    expect(isFast(text)).toBe(fast);
  });
});

test('a message cut off anywhere is malformed', () => {
  for (let length = 0; length < usual.length; length += 1) {
    expect(read(usual.slice(0, length)).event).toBe('malformed');
  }
});

test('a message with any one byte changed is read just as JSON.parse reads it', () => {
  const original = Buffer.from(usual.replace(payload, 'AAAA'));
  const misread: string[] = [];
  const layout = new MediaLayout();
  for (let index = 0; index < original.length; index += 1) {
    for (const byte of Buffer.from(' "\\:,{}[]\n\0=/+-a0\x7f')) {
      layout.read(original);
      const changed = Buffer.from(original);
      changed[index] = byte;
      const isAlike = isDeepStrictEqual(plain(parseMessage(changed, layout)), plain(parseJson(changed)));
      if (!isAlike) misread.push(changed.toString());
    }
  }
  expect(misread).toEqual([]);
});

test('binary noise is malformed', () => {
  let seed = 7;
  const noise = Buffer.from(
    Array.from({ length: 4096 }, () => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) >> 16),
  );
  for (let start = 0; start < noise.length; start += 64) {
    expect(parseMessage(noise.subarray(start, start + 64), new MediaLayout()).event).toBe('malformed');
  }
});

test('a message of 24 MB is read, by either way, without overflowing the stack', () => {
  const huge = Buffer.alloc(18 * 1024 * 1024, 0xff).toString('base64');
  for (const text of [usual.replace(payload, huge), usual.replace(payload, huge).replace('"25"', '25')]) {
    const message = parseMessage(Buffer.from(text), new MediaLayout());
    expect(message.event === 'media' && message.chunk.base64.length).toBe(huge.length);
  }
});

test.each<[string, object, FromTwilio]>([
  ['connected', { event: 'connected', protocol: 'Call', version: '1.0.0' }, { event: 'connected' }],
  ['dtmf', { event: 'dtmf', streamSid, dtmf: { digit: '#' } }, { event: 'dtmf', digit: '#' }],
  [
    'dtmf with two digits',
    { event: 'dtmf', dtmf: { digit: '12' } },
    { event: 'malformed', problem: 'dtmf without a digit' },
  ],
  ['mark', { event: 'mark', streamSid, mark: { name: 'item 1:200' } }, { event: 'mark', name: 'item 1:200' }],
  ['mark without a name', { event: 'mark' }, { event: 'malformed', problem: 'mark without a name' }],
  ['stop', { event: 'stop', streamSid, stop: {} }, { event: 'stop' }],
  ['an unknown event', { event: 'close' }, { event: 'unknown', name: 'close' }],
  ['an event named as a method', { event: 'constructor' }, { event: 'unknown', name: 'constructor' }],
  ['no event', { hello: 1 }, { event: 'malformed', problem: 'no event' }],
])('%s is told apart', (_, message, expected) => {
  expect(read(JSON.stringify(message))).toEqual(expected);
});

test('start gives the ids and the parameters that we set', () => {
  const start = {
    event: 'start',
    sequenceNumber: '1',
    streamSid,
    start: {
      streamSid,
      accountSid: `AC${'0'.repeat(32)}`,
      callSid: `CA${'1'.repeat(32)}`,
      tracks: ['inbound'],
      customParameters: { call: 'call-1', token: 'secret', other: 'x' },
      mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
    },
  };
  expect(read(JSON.stringify(start))).toEqual({
    event: 'start',
    streamSid,
    callSid: `CA${'1'.repeat(32)}`,
    call: 'call-1',
    token: 'secret',
  });
  const text = JSON.stringify(start);
  expect(read(text.replace('8000', '16000')).event).toBe('malformed');
  expect(read(text.replace('audio/x-mulaw', 'audio/l16')).event).toBe('malformed');
  expect(read(text.replace('"call-1"', '1'))).toMatchObject({ event: 'start', call: undefined });
  expect(read(text.replace('callSid', 'other')).event).toBe('malformed');
});

describe('what we send', () => {
  const schema = JSON.parse(
    readFileSync(
      new URL('../../../../simulator/schemas/twilio-media-streams.schema.json', import.meta.url),
      'utf8',
    ),
  ) as object;
  const isValid = new Ajv({ allowUnionTypes: true })
    .addSchema(schema, 'streams')
    .compile({ $ref: 'streams#/definitions/ToTwilio' });
  const writer = new MessageWriter(streamSid);
  const media = (base64: string) => `${writer.audioHead.toString()}${base64}${writer.audioTail.toString()}`;

  test.each([
    ['media', media(payload)],
    ['a short media', media('fw==')],
    ['mark', writer.mark('item_1:200')],
    ['a mark with quotes', writer.mark('"\\\n')],
    ['clear', writer.clear],
  ])('%s has exactly the fields of the schema', (_, message) => {
    isValid(JSON.parse(message));
    expect(isValid.errors).toBeNull();
  });

  test('media carries the audio unchanged', () => {
    expect(JSON.parse(media(payload))).toEqual({ event: 'media', streamSid, media: { payload } });
  });
});

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, index) =>
    permutations(items.toSpliced(index, 1)).map((rest) => [item].concat(rest)),
  );
}
