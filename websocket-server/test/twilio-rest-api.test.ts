import { createServer } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import type { DialRequest } from '../src/carriers/carrier.ts';
import { createTwilio } from '../src/carriers/twilio/index.ts';
import {
  accountSid,
  authToken,
  callSid,
  HandClock,
  listening,
  restServer,
  stopped,
  testRuntime,
  twilioConfig,
  type RestRequest,
} from './twilio-side.ts';

const publicUrl = 'https://phone.example.com';
const dial: DialRequest = {
  callId: 'call-1',
  to: '+15005550009',
  from: '+15005550006',
  ringTimeoutSeconds: 30,
  maxDurationSeconds: 180,
  detects: 'nothing',
};
const callsPath = `/2010-04-01/Accounts/${accountSid}/Calls.json`;
const callPath = `/2010-04-01/Accounts/${accountSid}/Calls/${callSid}.json`;
const resource = { sid: callSid, status: 'queued', to: dial.to, from: dial.from, date_created: null };

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

/** A carrier in front of a Twilio that answers every request with `status` and `body`. */
async function carrierFor(status: number, body: unknown, options: { clock?: HandClock } = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const rest = await restServer((_, response) => response.writeHead(status).end(text));
  stops.push(rest.stop);
  const config = twilioConfig({ publicUrl, baseUrl: rest.baseUrl });
  return { ...rest, carrier: createTwilio(config, testRuntime(options.clock ?? new HandClock())) };
}

describe('placing a call', () => {
  test('sends every limit and address that the call needs, once', async () => {
    const { carrier, requests } = await carrierFor(201, resource);
    expect(await carrier.placeCall(dial)).toEqual({ carrierCallId: callSid });
    expect(requests.map(({ method, path }) => `${method} ${path}`)).toEqual([`POST ${callsPath}`]);
    const { form, authorization } = requests[0] as RestRequest;
    expect([...form]).toEqual([
      ['To', '+15005550009'],
      ['From', '+15005550006'],
      ['Url', 'https://phone.example.com/twiml?call=call-1'],
      ['Method', 'POST'],
      ['Timeout', '30'],
      ['TimeLimit', '180'],
      ['StatusCallback', 'https://phone.example.com/status?call=call-1'],
      ['StatusCallbackMethod', 'POST'],
      ['StatusCallbackEvent', 'initiated'],
      ['StatusCallbackEvent', 'ringing'],
      ['StatusCallbackEvent', 'answered'],
      ['StatusCallbackEvent', 'completed'],
    ]);
    expect(authorization).toBe(`Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`);
  });

  test('is not lost where the carrier closes a connection that it has answered on', async () => {
    const answeredOn = new WeakSet<object>();
    const server = createServer((request, response) => {
      if (answeredOn.has(request.socket)) return request.socket.destroy();
      answeredOn.add(request.socket);
      response.writeHead(201).end(JSON.stringify(resource));
    });
    const config = twilioConfig({ publicUrl, baseUrl: await listening(server) });
    stops.push(() => stopped(server));
    const carrier = createTwilio(config, testRuntime(new HandClock()));
    for (let placed = 0; placed < 3; placed += 1) {
      expect(await carrier.placeCall(dial)).toEqual({ carrierCallId: callSid });
    }
  });

  test('leaves no timer behind', async () => {
    const clock = new HandClock();
    const { carrier } = await carrierFor(201, resource, { clock });
    await carrier.placeCall(dial);
    expect(clock.pendingCount).toBe(0);
  });

  test('is authorised by the API key when there is one', async () => {
    const rest = await restServer((_, response) => response.writeHead(201).end(JSON.stringify(resource)));
    stops.push(rest.stop);
    const apiKey = { sid: 'SK1', secret: 'secret' };
    const config = twilioConfig({ publicUrl, baseUrl: `${rest.baseUrl}/`, apiKey });
    await createTwilio(config, testRuntime(new HandClock())).placeCall(dial);
    expect(rest.requests[0]?.authorization).toBe(`Basic ${Buffer.from('SK1:secret').toString('base64')}`);
    expect(rest.requests[0]?.path).toBe(callsPath);
  });

  test.each<[number, number, RegExp, boolean]>([
    [400, 21211, /number to call is not a valid/, false],
    [400, 21214, /cannot reach the number/, false],
    [400, 21217, /cannot reach the number/, false],
    [400, 21215, /Geo permissions/, false],
    [400, 13227, /Geo permissions/, false],
    [400, 21216, /blocks calls/, false],
    [400, 21210, /call from is neither owned/, false],
    [400, 21212, /call from is not a valid/, false],
    [400, 21219, /trial account/, false],
    [400, 573002, /trial account/, false],
    [400, 573005, /trial account/, false],
    [401, 20003, /TWILIO_AUTH_TOKEN/, false],
    [404, 20404, /TWILIO_ACCOUNT_SID/, false],
    [429, 20429, /Try again/, true],
    [400, 10004, /Try again/, true],
    [400, 21205, /PUBLIC_URL/, false],
  ])('answered %i with code %i is refused with advice', async (status, code, advice, retryable) => {
    const { carrier, requests } = await carrierFor(status, { code, message: 'said Twilio', status });
    await expect(carrier.placeCall(dial)).rejects.toMatchObject({
      code: 'carrier-rejected',
      message: expect.stringMatching(advice) as string,
      details: { carrier: 'twilio', carrierCode: code, retryable },
    });
    expect(requests).toHaveLength(1);
  });

  test('refused with an unknown code says what Twilio said, without the phone number', async () => {
    const message = 'The number +1 (500) 555-0009 is not liked';
    const { carrier } = await carrierFor(400, { code: 29999, message, status: 400 });
    await expect(carrier.placeCall(dial)).rejects.toMatchObject({
      code: 'carrier-rejected',
      message:
        'Twilio refused the request (error 29999, twilio.com/docs/api/errors/29999): The number the number is not liked',
    });
  });

  test.each<[number, string, object]>([
    [401, '', { carrierCode: 20003, retryable: false }],
    [429, '<html>slow down</html>', { carrierCode: 20429, retryable: true }],
    [400, '{"code":', { retryable: false }],
    [302, '', { retryable: false }],
  ])('answered %i with the body %j is refused', async (status, body, details) => {
    const { carrier } = await carrierFor(status, body);
    await expect(carrier.placeCall(dial)).rejects.toMatchObject({ code: 'carrier-rejected', details });
  });

  test.each<[number, string]>([
    [500, '{"code":20500,"message":"Internal","status":500}'],
    [503, ''],
    [504, '<html>'],
    [408, ''],
    [201, '{"sid":'],
    [200, '{}'],
    [200, 'null'],
  ])('answered %i with the body %j is unclear, and not sent again', async (status, body) => {
    const { carrier, requests } = await carrierFor(status, body);
    await expect(carrier.placeCall(dial)).rejects.toMatchObject({ code: 'carrier-unclear' });
    expect(requests).toHaveLength(1);
  });

  test('is unclear when the connection breaks after the request was sent', async () => {
    const rest = await restServer((_, response) => response.destroy());
    stops.push(rest.stop);
    const config = twilioConfig({ publicUrl, baseUrl: rest.baseUrl });
    const placing = createTwilio(config, testRuntime(new HandClock())).placeCall(dial);
    await expect(placing).rejects.toMatchObject({ code: 'carrier-unclear' });
    expect(rest.requests).toHaveLength(1);
  });

  test('is unclear when no answer comes in time', async () => {
    const clock = new HandClock();
    const rest = await restServer(() => clock.advance(15_000));
    stops.push(rest.stop);
    const config = twilioConfig({ publicUrl, baseUrl: rest.baseUrl });
    const placing = createTwilio(config, testRuntime(clock)).placeCall(dial);
    await expect(placing).rejects.toMatchObject({ code: 'carrier-unclear' });
  });

  test('is refused, to be tried again, when nobody listens at the address or its name is unknown', async () => {
    const server = createServer();
    const closedUrl = await listening(server);
    await stopped(server);
    for (const baseUrl of [
      closedUrl,
      closedUrl.replace('127.0.0.1', 'localhost'),
      'http://nowhere.invalid',
    ]) {
      const config = twilioConfig({ publicUrl, baseUrl });
      const placing = createTwilio(config, testRuntime(new HandClock())).placeCall(dial);
      await expect(placing).rejects.toMatchObject({ code: 'carrier-rejected', details: { retryable: true } });
    }
  });

  test('without a public URL dials nothing and says which setting is missing', async () => {
    const rest = await restServer((_, response) => response.writeHead(201).end(JSON.stringify(resource)));
    stops.push(rest.stop);
    const config = twilioConfig({ publicUrl: null, baseUrl: rest.baseUrl });
    const placing = createTwilio(config, testRuntime(new HandClock())).placeCall(dial);
    await expect(placing).rejects.toMatchObject({
      code: 'carrier-rejected',
      message: expect.stringContaining('PUBLIC_URL') as string,
    });
    expect(rest.requests).toHaveLength(0);
  });
});

test('the network counts as simulated only where the API is spoken to without TLS', async () => {
  const { carrier } = await carrierFor(200, resource);
  expect(carrier.isSimulated).toBe(true);
  expect(createTwilio(twilioConfig({ publicUrl }), testRuntime(new HandClock())).isSimulated).toBe(false);
});

describe('ending a call', () => {
  test('asks for it to be completed, whatever its state', async () => {
    const { carrier, requests } = await carrierFor(200, { ...resource, status: 'completed' });
    await carrier.hangUp(callSid);
    expect(requests).toMatchObject([{ method: 'POST', path: callPath }]);
    expect([...(requests[0] as RestRequest).form]).toEqual([['Status', 'completed']]);
  });

  test.each<[number, unknown]>([
    [400, { code: 21220, message: 'Call is not in-progress', status: 400 }],
    [404, { code: 20404, message: 'not found', status: 404 }],
    [404, ''],
  ])('counts a call that is over or unknown as ended (%i %j)', async (status, body) => {
    const { carrier } = await carrierFor(status, body);
    await expect(carrier.hangUp(callSid)).resolves.toBeUndefined();
    await expect(carrier.sayAndHangUp(callSid, 'Goodbye')).resolves.toBeUndefined();
  });

  test('fails when Twilio gives no clear answer or refuses the credentials', async () => {
    const down = await carrierFor(503, '');
    await expect(down.carrier.hangUp(callSid)).rejects.toMatchObject({ code: 'carrier-unclear' });
    const locked = await carrierFor(401, '');
    await expect(locked.carrier.hangUp(callSid)).rejects.toMatchObject({ code: 'carrier-rejected' });
  });

  test('can say a sentence first', async () => {
    const { carrier, requests } = await carrierFor(200, resource);
    await carrier.sayAndHangUp(callSid, 'Sorry & goodbye');
    expect(requests[0]?.form.get('Twiml')).toContain('<Say>Sorry &amp; goodbye</Say><Hangup/>');
  });
});

describe('pressing keys', () => {
  const claim = { callId: 'call-1', streamToken: 'token-2' };

  test('plays them and opens a new stream with the new token', async () => {
    const { carrier, requests } = await carrierFor(200, resource);
    await carrier.pressDigits(callSid, '1w#', claim);
    expect(requests).toMatchObject([{ method: 'POST', path: callPath }]);
    const twiml = requests[0]?.form.get('Twiml') ?? '';
    expect(twiml).toContain(
      '<Response><Play digits="1w#"/><Connect><Stream url="wss://phone.example.com/call"',
    );
    expect(twiml).toContain('<Parameter name="token" value="token-2"/>');
    expect(twiml).toContain('statusCallback="https://phone.example.com/stream-status?call=call-1"');
  });

  test('is refused for what has no keys in it, for too many, and for a call that is over', async () => {
    const { carrier, requests } = await carrierFor(400, { code: 21220, status: 400 });
    await expect(carrier.pressDigits(callSid, 'yes', claim)).rejects.toMatchObject({
      code: 'invalid-request',
    });
    const many = carrier.pressDigits(callSid, '1'.repeat(65), claim);
    await expect(many).rejects.toMatchObject({ code: 'invalid-request' });
    expect(requests).toHaveLength(0);
    const late = carrier.pressDigits(callSid, '1', claim);
    await expect(late).rejects.toMatchObject({ code: 'carrier-rejected', details: { carrierCode: 21220 } });
  });
});

describe('asking after a call', () => {
  test.each([
    ['queued', { progress: 'dialing' }],
    ['ringing', { progress: 'ringing' }],
    ['in-progress', { progress: 'connected' }],
    ['completed', { progress: 'ended' }],
    ['busy', { progress: 'ended', endedWhy: 'busy' }],
    ['no-answer', { progress: 'ended', endedWhy: 'no_answer' }],
    ['failed', { progress: 'ended', endedWhy: 'carrier_error' }],
    ['canceled', { progress: 'ended', endedWhy: 'canceled' }],
  ])('tells %s in our words', async (status, report) => {
    const { carrier, requests } = await carrierFor(200, { ...resource, status });
    expect(await carrier.callReport(callSid)).toEqual({ carrierCallId: callSid, ...report });
    expect(requests).toMatchObject([{ method: 'GET', path: callPath }]);
  });

  test('tells when it ended, as far as Twilio does', async () => {
    const { carrier } = await carrierFor(200, {
      ...resource,
      status: 'completed',
      end_time: 'Sun, 01 Mar 2026 12:00:07 +0000',
    });
    expect(await carrier.callReport(callSid)).toEqual({
      carrierCallId: callSid,
      progress: 'ended',
      endedAt: Date.UTC(2026, 2, 1, 12, 0, 7),
    });
  });

  test('tells an unknown call from no answer', async () => {
    const unknown = await carrierFor(404, '');
    expect(await unknown.carrier.callReport(callSid)).toBeUndefined();
    const down = await carrierFor(500, '');
    await expect(down.carrier.callReport(callSid)).rejects.toMatchObject({ code: 'carrier-unclear' });
    const odd = await carrierFor(200, { ...resource, status: 'levitating' });
    await expect(odd.carrier.callReport(callSid)).rejects.toMatchObject({ code: 'carrier-unclear' });
  });
});

describe('finding a call whose dialing had no clear answer', () => {
  const sinceMs = Date.parse('2026-03-01T12:00:00.500Z');
  const found = (sid: string, change: object) => ({ ...resource, sid, ...change });
  const at = (date: string) => ({ date_created: `Sun, 01 Mar 2026 ${date} +0000` });
  const since = { to: dial.to, from: dial.from, since: sinceMs };

  test.each<[string, object[], string[]]>([
    ['none', [], []],
    ['one from then', [found('CA1', at('12:00:00'))], ['CA1']],
    ['one from before', [found('CA1', at('11:59:00'))], []],
    ['one that is queued and has no dates', [found('CA1', { status: 'queued' })], ['CA1']],
    ['one that is over and has no dates', [found('CA1', { status: 'completed' })], []],
    ['one to another number', [found('CA1', { ...at('12:00:01'), to: '+15005550001' })], []],
    [
      'several, those after the request, oldest first',
      [found('CA3', at('12:05:00')), found('CA2', at('12:00:02')), found('CA1', at('11:00:00'))],
      ['CA2', 'CA3'],
    ],
  ])('among %s', async (_, calls, expected) => {
    const { carrier, requests } = await carrierFor(200, { calls });
    expect(await carrier.findCalls(since)).toEqual(expected);
    const query = new URLSearchParams((requests[0] as RestRequest).path.split('?')[1]);
    expect(Object.fromEntries(query)).toMatchObject({ To: dial.to, From: dial.from });
  });

  test('fails rather than say none when the list is no list', async () => {
    const { carrier } = await carrierFor(200, {});
    await expect(carrier.findCalls(since)).rejects.toMatchObject({ code: 'carrier-unclear' });
  });
});
