import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import twilio from 'twilio';
import type { AnsweredCall, CarrierReport, MachineVerdict, SwitchBoard } from '../src/carriers/carrier.ts';
import { createTwilio } from '../src/carriers/twilio/index.ts';
import {
  accountSid,
  authToken,
  callback,
  callSid,
  doorServer,
  HandClock,
  testRuntime,
  twilioConfig,
} from './twilio-side.ts';

/** Remembers what it was told and answers what it is told to. */
class Office implements SwitchBoard {
  readonly reports: [CarrierReport, string | undefined][] = [];
  readonly answers: AnsweredCall[] = [];
  readonly detections: [string, string | undefined, MachineVerdict][] = [];
  answer: () => Promise<Awaited<ReturnType<SwitchBoard['answered']>>> = () => Promise.resolve(undefined);
  reported(report: CarrierReport, callId: string | undefined): void {
    if (callId === 'call-broken') throw new Error('the office is on fire');
    this.reports.push([report, callId]);
  }
  detected(...detection: [string, string | undefined, MachineVerdict]): void {
    this.detections.push(detection);
  }
  transfer: { briefing: string | null } | undefined;
  isTaken = false;
  transferAnswered(callId: string) {
    return callId === 'call-1' ? this.transfer : undefined;
  }
  readonly failures: Parameters<SwitchBoard['streamFailed']>[] = [];
  streamFailed(...failure: Parameters<SwitchBoard['streamFailed']>): void {
    this.failures.push(failure);
  }
  readonly recordings: [string, string][] = [];
  recorded(...recording: [string, string]): void {
    this.recordings.push(recording);
  }
  async transferTaken(): Promise<boolean> {
    this.isTaken = true;
    return true;
  }
  transferEnded(callId: string) {
    return this.isTaken ? undefined : { callId, streamToken: 'token-back' };
  }
  answered(call: AnsweredCall) {
    this.answers.push(call);
    return this.answer();
  }
  attached(): undefined {}
}

let server: Awaited<ReturnType<typeof doorServer>>;
let office: Office;

beforeEach(async () => {
  server = await doorServer();
  office = new Office();
  const carrier = createTwilio(twilioConfig({ publicUrl: server.origin }), testRuntime(new HandClock()));
  server.open(carrier.doors(office));
});
afterEach(() => server.stop());

const voice = {
  AccountSid: accountSid,
  ApiVersion: '2010-04-01',
  CallSid: callSid,
  CallStatus: 'in-progress',
  Direction: 'outbound-api',
  From: '+15005550006',
  To: '+15005550009',
};

describe('the voice webhook', () => {
  test('connects an answered call to a stream with its claim', async () => {
    office.answer = () => Promise.resolve({ callId: 'call-1', streamToken: 'token-1' });
    const response = await callback(`${server.origin}/twiml?call=call-1`, voice);
    expect(response.headers.get('content-type')).toMatch(/^text\/xml/);
    const ws = server.origin.replace('http', 'ws');
    expect(await response.text()).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><Response><Connect>' +
        `<Stream url="${ws}/call" statusCallback="${server.origin}/stream-status?call=call-1" statusCallbackMethod="POST">` +
        '<Parameter name="call" value="call-1"/><Parameter name="token" value="token-1"/>' +
        '</Stream></Connect><Pause length="3"/>' +
        '<Say>I am sorry, the connection was lost. Goodbye.</Say><Hangup/></Response>',
    );
    expect(office.answers).toEqual([
      {
        carrier: 'twilio',
        carrierCallId: callSid,
        callId: 'call-1',
        direction: 'outbound',
        to: '+15005550009',
        from: '+15005550006',
      },
    ]);
  });

  test('takes a call that arrives, whose id is not ours yet', async () => {
    office.answer = () => Promise.resolve({ callId: 'call-2', streamToken: 'token-2' });
    const response = await callback(`${server.origin}/twiml`, { ...voice, Direction: 'inbound' });
    expect(await response.text()).toContain('stream-status?call=call-2"');
    expect(office.answers[0]).toMatchObject({ callId: undefined, direction: 'inbound' });
  });

  test('can be asked by GET', async () => {
    office.answer = () => Promise.resolve({ callId: 'call-1', streamToken: 'token-1' });
    const url = `${server.origin}/twiml?call=call-1&${new URLSearchParams(voice).toString()}`;
    const signature = twilio.getExpectedTwilioSignature(authToken, url, {});
    const response = await fetch(url, { headers: { 'x-twilio-signature': signature } });
    expect(await response.text()).toContain('<Parameter name="token" value="token-1"/>');
    expect(office.answers[0]).toMatchObject({ callId: 'call-1', carrierCallId: callSid, to: '+15005550009' });
  });

  test('says a refusal, and hangs up on a call that nobody knows', async () => {
    office.answer = () => Promise.resolve({ sentence: 'We are closed.' });
    const refused = await callback(`${server.origin}/twiml`, voice);
    expect(await refused.text()).toContain('<Response><Say>We are closed.</Say><Hangup/></Response>');
    office.answer = () => Promise.resolve(undefined);
    const unknown = await callback(`${server.origin}/twiml?call=none`, voice);
    expect(await unknown.text()).toContain('<Response><Hangup/></Response>');
  });

  test('apologises and hangs up when the office fails', async () => {
    office.answer = () => Promise.reject(new Error('no database'));
    const response = await callback(`${server.origin}/twiml?call=call-1`, voice);
    expect(response.status).toBe(200);
    expect(await response.text()).toMatch(/<Say>Sorry.*<\/Say><Hangup\/>/);
  });
});

describe('the status callback', () => {
  const status = (fields: Record<string, string>, query = '?call=call-1') =>
    callback(`${server.origin}/status${query}`, { CallSid: callSid, AccountSid: accountSid, ...fields });

  test.each<[Record<string, string>, object]>([
    [{ CallStatus: 'queued' }, { progress: 'dialing' }],
    [{ CallStatus: 'initiated' }, { progress: 'dialing' }],
    [{ CallStatus: 'ringing' }, { progress: 'ringing' }],
    [{ CallStatus: 'in-progress' }, { progress: 'connected' }],
    [{ CallStatus: 'completed', CallDuration: '7', SipResponseCode: '200' }, { progress: 'ended' }],
    [
      { CallStatus: 'busy', SipResponseCode: '486' },
      { progress: 'ended', endedWhy: 'busy' },
    ],
    [
      { CallStatus: 'busy', SipResponseCode: '603' },
      { progress: 'ended', endedWhy: 'declined' },
    ],
    [
      { CallStatus: 'no-answer', SipResponseCode: '487' },
      { progress: 'ended', endedWhy: 'no_answer' },
    ],
    [{ CallStatus: 'canceled' }, { progress: 'ended', endedWhy: 'canceled' }],
    [{ CallStatus: 'failed' }, { progress: 'ended', endedWhy: 'carrier_error' }],
    [
      { CallStatus: 'failed', SipResponseCode: '600' },
      { progress: 'ended', endedWhy: 'busy' },
    ],
    [
      { CallStatus: 'failed', SipResponseCode: '404' },
      {
        progress: 'ended',
        endedWhy: 'carrier_error',
        advice: 'The phone network says that this number does not exist.',
      },
    ],
    [
      { CallStatus: 'failed', SipResponseCode: '403', ErrorCode: '13227' },
      { endedWhy: 'carrier_error', advice: expect.stringContaining('Geo permissions') as string },
    ],
  ])('%j is reported in our words', async (fields, report) => {
    expect((await status(fields)).status).toBe(204);
    expect(office.reports).toMatchObject([[{ carrierCallId: callSid, ...report }, 'call-1']]);
  });

  test('of a call that arrived carries no id of ours', async () => {
    await status({ CallStatus: 'completed' }, '');
    expect(office.reports).toEqual([[{ carrierCallId: callSid, progress: 'ended' }, undefined]]);
  });

  test('that is odd is acknowledged and reported to nobody', async () => {
    for (const fields of [{ CallStatus: 'levitating' }, { CallStatus: '' }, {}]) {
      expect((await status(fields)).status).toBe(204);
    }
    expect(office.reports).toEqual([]);
  });

  test('that the office fails on is answered 500, and the next is taken', async () => {
    expect((await status({ CallStatus: 'ringing' }, '?call=call-broken')).status).toBe(500);
    expect((await status({ CallStatus: 'ringing' })).status).toBe(204);
  });
});

describe('the callback of machine detection', () => {
  const detected = (fields: Record<string, string>) =>
    callback(`${server.origin}/amd?call=call-1`, { CallSid: callSid, AccountSid: accountSid, ...fields });

  test.each([
    ['human', 'human'],
    ['machine_start', 'machine'],
    ['machine_end_beep', 'beep'],
    ['machine_end_silence', 'machine'],
    ['machine_end_other', 'machine'],
    ['fax', 'fax'],
    ['unknown', 'unknown'],
  ])('says %s, which is %s', async (AnsweredBy, found) => {
    expect((await detected({ AnsweredBy, MachineDetectionDuration: '2300' })).status).toBe(204);
    expect(office.detections).toEqual([[callSid, 'call-1', found]]);
  });

  test('is also taken from Twilio’s other callbacks', async () => {
    const fields = { ...voice, AnsweredBy: 'machine_start' };
    await callback(`${server.origin}/status?call=call-1`, fields);
    await callback(`${server.origin}/twiml?call=call-1`, fields);
    expect(office.detections).toEqual([
      [callSid, 'call-1', 'machine'],
      [callSid, 'call-1', 'machine'],
    ]);
  });

  test('that says nothing known is acknowledged and told to nobody', async () => {
    for (const fields of [{ AnsweredBy: 'a parrot' }, {}] as Record<string, string>[]) {
      expect((await detected(fields)).status).toBe(204);
    }
    expect(office.detections).toEqual([]);
  });
});

describe('the voice webhook in a transfer', () => {
  const asked = async (step: string, fields: Record<string, string> = {}) => {
    const url = `${server.origin}/twiml?call=call-1&transfer=${step}`;
    return (await callback(url, { ...voice, ...fields })).text();
  };

  test('tells whoever picks up what it is about, and lets a key take the call', async () => {
    office.transfer = { briefing: 'Sam <is> here. Press 1.' };
    const briefing = await asked('answered');
    expect(briefing).toContain('<Say>Sam &lt;is&gt; here. Press 1.</Say></Gather><Hangup/>');
    expect(briefing).toContain(`action="${server.origin}/twiml?call=call-1&amp;transfer=key"`);
    expect(office.isTaken).toBe(false);
    expect(await asked('key', { Digits: '2' })).toContain('<Response><Hangup/></Response>');
    expect(office.isTaken).toBe(false);
    expect(await asked('key', { Digits: '1' })).toContain('<Response></Response>');
    expect(await asked('ended', { DialCallStatus: 'completed' })).toContain('<Hangup/></Response>');
  });

  test('joins whoever picks up at once where nothing is to be told', async () => {
    office.transfer = { briefing: null };
    expect(await asked('answered')).toContain('<Response></Response>');
    expect(office.isTaken).toBe(true);
  });

  test('brings the person back where nobody took the call, and hangs up on late answers', async () => {
    expect(await asked('answered')).toContain('<Response><Hangup/></Response>');
    expect(await asked('ended', { DialCallStatus: 'no-answer' })).toContain('value="token-back"');
  });
});

test('the callback of a recording tells when it is ready, and only then', async () => {
  for (const RecordingStatus of ['in-progress', 'absent', 'failed', 'completed']) {
    const fields = { CallSid: callSid, RecordingSid: `RE${'0'.repeat(32)}`, RecordingStatus };
    expect((await callback(`${server.origin}/recording?call=call-1`, fields)).status).toBe(204);
  }
  expect(office.recordings).toEqual([['call-1', `RE${'0'.repeat(32)}`]]);
});

test('a media stream that could not be opened is told, with what to do about it where the reason says that', async () => {
  const url = `${server.origin}/stream-status?call=call-1`;
  for (const [StreamEvent, StreamError] of [
    ['stream-started', ''],
    ['stream-error', '31920 handshake failed'],
    ['stream-error', 'gone'],
  ] as const) {
    expect((await callback(url, { CallSid: callSid, StreamEvent, StreamError })).status).toBe(204);
  }
  expect(office.failures).toEqual([
    [callSid, 'call-1', expect.stringContaining('PUBLIC_URL')],
    [callSid, 'call-1', undefined],
  ]);
});

test('the other callbacks are acknowledged', async () => {
  for (const path of ['/amd', '/stream-status', '/recording']) {
    const url = `${server.origin}${path}?call=call-1`;
    const fields = { CallSid: callSid, StreamEvent: 'stream-error', StreamError: 'gone' };
    expect((await callback(url, fields)).status).toBe(204);
  }
});

test('no route answers anybody who is not Twilio', async () => {
  for (const path of ['/twiml', '/status', '/amd', '/stream-status', '/recording']) {
    const url = `${server.origin}${path}?call=call-1`;
    expect((await callback(url, voice, 'a guessed token')).status).toBe(403);
    const unsigned = await fetch(url, { method: 'POST', body: new URLSearchParams(voice) });
    expect(unsigned.status).toBe(403);
  }
  expect((await fetch(`${server.origin}/twiml?call=call-1`)).status).toBe(403);
  expect(office.answers).toEqual([]);
  expect(office.reports).toEqual([]);
});

test('a body larger than any callback is refused', async () => {
  const response = await callback(`${server.origin}/status`, { A: 'x'.repeat(70_000) });
  expect(response.status).toBe(413);
});
