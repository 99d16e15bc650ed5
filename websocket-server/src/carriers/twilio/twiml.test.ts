import { expect, test } from 'vitest';
import { connectTwiml, hangUpTwiml, pressTwiml, sanitizedDigits, sayAndHangUpTwiml } from './twiml.ts';

const head = '<?xml version="1.0" encoding="UTF-8"?>';
const claim = { callId: 'call-1', streamToken: 'token-1' };
const addresses = {
  streamUrl: 'wss://phone.example.com/call',
  statusUrl: 'https://phone.example.com/stream-status?call=call-1&x=1',
};
const connect =
  '<Connect><Stream url="wss://phone.example.com/call" ' +
  'statusCallback="https://phone.example.com/stream-status?call=call-1&amp;x=1" statusCallbackMethod="POST">' +
  '<Parameter name="call" value="call-1"/><Parameter name="token" value="token-1"/></Stream></Connect><Pause length="3"/><Say>I am sorry, the connection was lost. Goodbye.</Say><Hangup/>';

test('connecting opens a stream with its claim, and hangs up behind it', () => {
  expect(connectTwiml(claim, addresses)).toBe(`${head}<Response>${connect}</Response>`);
});

test('pressing keys plays them first, then connects again', () => {
  expect(pressTwiml('ww1#', claim, addresses)).toBe(
    `${head}<Response><Play digits="ww1#"/>${connect}</Response>`,
  );
});

test('only keys and pauses are pressed', () => {
  expect(sanitizedDigits('1 (2)-3*#wW,A"/><Hangup/>é9')).toBe('123*#wW9');
  expect(sanitizedDigits('please')).toBe('');
});

test('nothing in a value can leave its place', () => {
  const document = connectTwiml({ callId: `"/><Hangup/>&'`, streamToken: '\0\u{FFFE}\uD800x' }, addresses);
  expect(document).toContain('name="call" value="&quot;/&gt;&lt;Hangup/&gt;&amp;&apos;"');
  expect(document).toContain('name="token" value="x"');
});

test('a sentence is said with its letters, then the call is hung up', () => {
  expect(sayAndHangUpTwiml('Café & <bar> ☎️ 👋')).toBe(
    `${head}<Response><Say>Café &amp; &lt;bar&gt; ☎️ 👋</Say><Hangup/></Response>`,
  );
  expect(hangUpTwiml()).toBe(`${head}<Response><Hangup/></Response>`);
});

test('a sentence of any length stays within what Twilio takes, and is never cut within an entity', () => {
  for (const sentence of ['&'.repeat(5000), 'a'.repeat(100_000), '👋'.repeat(5000)]) {
    const document = sayAndHangUpTwiml(sentence);
    expect(document.length).toBeLessThanOrEqual(4000);
    expect(document).toMatch(/<Say>(?:&amp;|a|👋)+<\/Say><Hangup\/><\/Response>$/u);
  }
});
