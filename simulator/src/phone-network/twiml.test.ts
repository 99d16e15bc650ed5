import { expect, test } from 'vitest';
import { parseTwiml, TwimlError } from './twiml.ts';

test('the verbs of a document are read in order', () => {
  const document = `<?xml version="1.0" encoding="UTF-8"?>
    <!-- a call -->
    <Response>
      <Connect><Stream url="wss://example.org/call" name="one" statusCallback="https://example.org/s?a=1&amp;b=2">
        <Parameter name="callId" value="&lt;1&gt; &#233;"/>
      </Stream></Connect>
      <Say>Good &amp; <![CDATA[<bye>]]></Say>
      <Play digits="ww1#"/>
      <Pause length="2"/>
      <Dial action="/after"><Number>+14155550123</Number></Dial>
      <Redirect method="GET">/twiml</Redirect>
      <Hangup/>
    </Response>`;
  expect(parseTwiml(document)).toEqual([
    {
      verb: 'Stream',
      url: 'wss://example.org/call',
      name: 'one',
      parameters: { callId: '<1> é' },
      statusCallback: 'https://example.org/s?a=1&b=2',
      statusCallbackMethod: 'POST',
    },
    { verb: 'Say', text: 'Good & <bye>', loop: 1 },
    { verb: 'Play', digits: 'ww1#' },
    { verb: 'Pause', seconds: 2 },
    { verb: 'Dial', number: '+14155550123', action: '/after' },
    { verb: 'Redirect', url: '/twiml', method: 'GET' },
    { verb: 'Hangup' },
  ]);
});

test.each([
  ['nothing', '', 12100],
  ['an open tag', '<Response><Hangup></Response>', 12100],
  ['two roots', '<Response/><Response/>', 12100],
  ['a bare ampersand', '<Response><Say>a & b</Say></Response>', 12100],
  ['an unknown entity', '<Response><Say>&nbsp;</Say></Response>', 12100],
  ['an attribute without quotes', '<Response><Pause length=1/></Response>', 12100],
  ['an attribute twice', '<Response><Pause length="1" length="2"/></Response>', 12100],
  ['an HTML page', '<html></html>', 12200],
  ['an unknown verb', '<Response><Shout/></Response>', 12200],
  ['the wrong case', '<Response><hangup/></Response>', 12200],
  ['an unknown attribute', '<Response><Connect><Stream uri="wss://x"/></Connect></Response>', 12200],
  ['a stream without a URL', '<Response><Connect><Stream/></Connect></Response>', 12200],
  [
    'both tracks',
    '<Response><Connect><Stream url="wss://x" track="both_tracks"/></Connect></Response>',
    12200,
  ],
  ['a parameter that is too long', longParameter(), 12200],
  ['letters as digits', '<Response><Play digits="1x"/></Response>', 13430],
])('%s is refused', (_, document, code) => {
  expect(() => parseTwiml(document)).toThrow(TwimlError);
  try {
    parseTwiml(document);
  } catch (error) {
    expect(error).toMatchObject({ code });
  }
});

function longParameter(): string {
  const value = 'x'.repeat(500);
  return `<Response><Connect><Stream url="wss://x"><Parameter name="a" value="${value}"/></Stream></Connect></Response>`;
}
