import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { CarrierRejected, CarrierUnclear } from '../../src/carriers/carrier-errors.ts';
import type { CarrierReport, DialRequest } from '../../src/carriers/carrier.ts';
import { chunkOfBase64 } from '../../src/lib/chunk.ts';
import { noise } from '../stories/sounds.ts';
import type { AttachedStream, CarrierStage, Phone } from './carrier-stage.ts';
import { openTwilioStage } from './twilio-stage.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });

const eventually = (check: () => unknown) => vi.waitFor(check, { timeout: 30_000, interval: 50 });

/** What every carrier keeps to, whoever it is: run over its own wire, with the far end in hand. */
describe.each([['twilio', openTwilioStage]] as const)('the carrier %s', (_name, open) => {
  let stage: CarrierStage;
  let placed = 0;
  beforeAll(async () => {
    vi.setConfig({ maxConcurrency: 6 });
    stage = await open();
  });
  afterAll(() => stage.close());

  const dialing = (to: string, given: Partial<DialRequest> = {}): DialRequest => ({
    callId: `call-${++placed}`,
    to,
    from: stage.ownNumber,
    ringTimeoutSeconds: 30,
    maxDurationSeconds: 120,
    detects: 'nothing',
    ...given,
  });

  /** A call that is up, with its media stream. */
  async function connected(given: Partial<DialRequest> = {}) {
    const request = dialing(stage.number('picks-up'), given);
    const { carrierCallId } = await stage.carrier.placeCall(request);
    const stream = await nthStream(request.callId, 1);
    return { request, carrierCallId, stream, phone: stage.phone(carrierCallId) };
  }

  async function nthStream(callId: string, nth: number): Promise<AttachedStream> {
    await eventually(() => expect(stage.office.streamsOf(callId).length).toBeGreaterThanOrEqual(nth));
    return stage.office.streamsOf(callId)[nth - 1] as AttachedStream;
  }

  async function endOf(carrierCallId: string): Promise<CarrierReport> {
    await eventually(() => expect(stage.office.endOf(carrierCallId)).toBeDefined());
    return stage.office.endOf(carrierCallId) as CarrierReport;
  }

  const piece = (ms: number) => chunkOfBase64(Buffer.from(Buffer.from(noise(3, ms)).toString('base64')));

  test.concurrent('a call that is answered is reported on its way, under our id and its own', async () => {
    const { request, carrierCallId, phone } = await connected();
    await eventually(() =>
      expect(stage.office.progressOf(carrierCallId)).toEqual(
        expect.arrayContaining(['ringing', 'connected']),
      ),
    );
    phone.hangsUp();
    await phone.over();
    const end = await endOf(carrierCallId);
    expect(end).toMatchObject({ callId: request.callId });
    expect(end.endedWhy).toBeUndefined();
    expect(stage.office.arrivals).toContainEqual({
      carrier: stage.carrier.name,
      carrierCallId,
      callId: request.callId,
      direction: 'outbound',
      to: request.to,
      from: request.from,
    });
    expect(stage.dialingsOf(request.to)).toBe(1);
  });

  test.concurrent('a number that is refused was not dialed, and a sentence says why', async () => {
    const request = dialing(stage.number('is-refused'));
    const refused = await stage.carrier.placeCall(request).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(CarrierRejected);
    expect((refused as Error).message).toMatch(/^[A-Z].*\.$/u);
    expect(stage.dialingsOf(request.to)).toBe(0);
  });

  // One after the other: each loses the answer to the next placing.
  test.each([
    ['after-dialing', 1],
    ['before-dialing', 0],
  ] as const)(
    'a placing whose answer was lost %s is unclear, and the call is looked for',
    async (when, calls) => {
      const request = dialing(stage.number('lets-it-ring'));
      const since = Date.now();
      stage.loseNextAnswer(when);
      await expect(stage.carrier.placeCall(request)).rejects.toBeInstanceOf(CarrierUnclear);
      expect(stage.dialingsOf(request.to)).toBe(calls);
      const [found] = await stage.carrier.findCalls({ to: request.to, from: request.from, since });
      expect(found === undefined).toBe(calls === 0);
      if (found !== undefined) {
        expect(stage.phone(found).isUp).toBe(true);
        await stage.carrier.hangUp(found);
      }
    },
  );

  test.concurrent('a line that is busy, and one that nobody answers in time, are told apart', async () => {
    const busy = await stage.carrier.placeCall(dialing(stage.number('is-busy')));
    const unanswered = await stage.carrier.placeCall(
      dialing(stage.number('lets-it-ring'), { ringTimeoutSeconds: 1 }),
    );
    expect(await endOf(busy.carrierCallId)).toMatchObject({ endedWhy: 'busy' });
    expect(await endOf(unanswered.carrierCallId)).toMatchObject({ endedWhy: 'no_answer' });
  });

  test.concurrent('a call that is hung up while it rings is over, and so it stays', async () => {
    const { carrierCallId } = await stage.carrier.placeCall(dialing(stage.number('lets-it-ring')));
    await eventually(() => expect(stage.office.progressOf(carrierCallId)).toContain('ringing'));
    await stage.carrier.hangUp(carrierCallId);
    await stage.phone(carrierCallId).over();
    await stage.carrier.hangUp(carrierCallId);
    await stage.carrier.hangUp('nobody-knows-it');
    expect(await stage.carrier.callReport(carrierCallId)).toMatchObject({ progress: 'ended' });
    expect(await stage.carrier.callReport('nobody-knows-it')).toBeUndefined();
  });

  test.concurrent('reports are passed on as they come: late, doubled, and in any order', async () => {
    const told = ['ended', 'connected', 'dialing', 'connected', 'ringing', 'ended'] as const;
    for (const progress of told) await stage.report('call-told', 'told-1', progress);
    expect(stage.office.progressOf('told-1')).toEqual(told);
  });

  test.concurrent('the network cuts a call at its longest, whatever becomes of us', async () => {
    const { phone } = await connected({ maxDurationSeconds: 2 });
    await phone.over();
    expect(phone.isUp).toBe(false);
  });

  test.concurrent('a call that is up takes a shorter limit, and one that is over none', async () => {
    const { carrierCallId, phone } = await connected();
    await stage.carrier.limitCall(carrierCallId, 1);
    await phone.over();
    await stage.carrier.limitCall(carrierCallId, 1);
  });

  test.concurrent('audio goes both ways, and a mark comes back once it has been heard', async () => {
    const { stream, phone } = await connected();
    stream.stream.play(piece(400), 'first');
    await eventually(() => expect(stream.marks).toEqual(['first']));
    expect(phone.heardMs).toBe(400);
    await phone.plays(noise(4, 600));
    await eventually(() => expect(stream.loudMs).toBeGreaterThanOrEqual(600));
    phone.presses('5#');
    await eventually(() => expect(stream.digits).toBe('5#'));
    phone.hangsUp();
    await eventually(() => expect(stream.ended).toBe('stopped'));
  });

  test.concurrent('what is cleared is not heard, and its marks come back at once', async () => {
    const { stream, phone } = await connected();
    stream.stream.play(piece(20_000), 'long');
    stream.stream.clear();
    await eventually(() => expect(stream.marks).toEqual(['long']));
    expect(phone.isUp).toBe(true);
    stream.stream.play(piece(200), 'next');
    await eventually(() => expect(stream.marks).toEqual(['long', 'next']));
    phone.hangsUp();
  });

  test.concurrent('a stream whose claim counts for nothing is closed, and the call with it', async () => {
    const request = dialing(stage.number('picks-up'));
    stage.office.disowned.add(request.callId);
    const { carrierCallId } = await stage.carrier.placeCall(request);
    await stage.phone(carrierCallId).over();
    expect(stage.office.refusedClaims).toMatchObject([{ callId: request.callId }]);
    expect(stage.office.streamsOf(request.callId)).toEqual([]);
  });

  test.concurrent('a stream that we close leaves no call up', async () => {
    const { stream, phone } = await connected();
    stream.stream.close();
    await phone.over();
    expect(phone.isUp).toBe(false);
  });

  test.concurrent(
    'keys sound at the phone, and the call goes on with a new stream for a new claim',
    async () => {
      const { request, carrierCallId, stream, phone } = await connected();
      const claim = stage.office.claim(request.callId);
      await stage.carrier.pressDigits(carrierCallId, '1w#', claim);
      const next = await nthStream(request.callId, 2);
      expect(next.claim).toEqual(claim);
      expect(phone.heardKeys).toBe('1#');
      expect(stream.ended).toBe('stopped');
      next.stream.play(piece(200), 'on');
      await eventually(() => expect(next.marks).toEqual(['on']));
      await expect(stage.carrier.pressDigits(carrierCallId, 'x', claim)).rejects.toThrow(/keys/u);
      phone.hangsUp();
    },
  );

  test.concurrent('a lost stream is replaced while the call is up, and not once it is over', async () => {
    const { request, carrierCallId, phone } = await connected();
    await stage.carrier.reattach(carrierCallId, stage.office.claim(request.callId));
    await nthStream(request.callId, 2);
    phone.hangsUp();
    await phone.over();
    const late = stage.carrier.reattach(carrierCallId, stage.office.claim(request.callId));
    await expect(late).rejects.toBeInstanceOf(CarrierRejected);
  });

  test.concurrent(
    'a sentence in the carrier’s own voice is heard to its end, then the call is over',
    async () => {
      const { carrierCallId, phone } = await connected();
      await stage.carrier.sayAndHangUp(carrierCallId, 'I am sorry. Goodbye.');
      await phone.over();
      expect(phone.heardWords).toMatch(/sorry\. Goodbye\.$/u);
      await stage.carrier.sayAndHangUp(carrierCallId, 'Nobody hears this.');
    },
  );

  test.concurrent('a price is told once it is settled, and never for a call that nobody knows', async () => {
    const { carrierCallId, phone } = await connected();
    expect(await stage.carrier.price(carrierCallId)).toBeNull();
    phone.hangsUp();
    await phone.over();
    await eventually(async () => expect(await stage.carrier.price(carrierCallId)).not.toBeNull());
    const price = await stage.carrier.price(carrierCallId);
    expect(price?.amount).toBeGreaterThanOrEqual(0);
    expect(price?.currency).toMatch(/^[A-Z]{3}$/u);
    expect(await stage.carrier.price('nobody-knows-it')).toBeNull();
  });

  const transfer = (callId: string, to: string) => ({
    callId,
    to,
    from: stage.ownNumber,
    ringTimeoutSeconds: 5,
    talkSeconds: 60,
  });

  test.concurrent('a call is handed to whoever picks up, and nobody is fetched back', async () => {
    const { request, carrierCallId, stream } = await connected();
    await stage.carrier.transfer(carrierCallId, transfer(request.callId, stage.number('picks-up')));
    const told = () => stage.office.transfers.filter((news) => news.startsWith(`${request.callId} `));
    await eventually(() => expect(told()).toContain(`${request.callId} taken`));
    expect(stream.ended).toBe('stopped');
    await stage.phone(carrierCallId).over();
    expect(stage.office.streamsOf(request.callId)).toHaveLength(1);
  });

  test.concurrent('a call that nobody takes comes back to us, with a stream of its own', async () => {
    const { request, carrierCallId, phone } = await connected();
    await stage.carrier.transfer(carrierCallId, transfer(request.callId, stage.number('is-busy')));
    await nthStream(request.callId, 2);
    expect(stage.office.transfers).not.toContain(`${request.callId} taken`);
    expect(phone.isUp).toBe(true);
    phone.hangsUp();
  });

  test.concurrent(
    'a recording is told when it is ready, fetched as WAV, and deleted once and again',
    async () => {
      const { request, carrierCallId, stream, phone } = await connected();
      const before = Math.floor(Date.now() / 1000) * 1000;
      expect(await stage.carrier.recordingsOf(carrierCallId)).toEqual([]);
      const { recordingId } = await stage.carrier.startRecording(carrierCallId, request.callId);
      const [known, ...more] = await stage.carrier.recordingsOf(carrierCallId);
      expect([known?.recordingId, more]).toEqual([recordingId, []]);
      expect(known?.startedAt ?? before).toBeGreaterThanOrEqual(before);
      stream.stream.play(piece(600), 'kept');
      await eventually(() => expect(stream.marks).toEqual(['kept']));
      phone.hangsUp();
      await eventually(() =>
        expect(stage.office.recordings).toContainEqual({ callId: request.callId, recordingId }),
      );
      const audio = Buffer.from(await stage.carrier.fetchRecording(recordingId));
      expect(audio.subarray(0, 4).toString('latin1')).toBe('RIFF');
      await stage.carrier.deleteRecording(recordingId);
      await stage.carrier.deleteRecording(recordingId);
      expect(await stage.carrier.recordingsOf(carrierCallId)).toEqual([]);
      await expect(stage.carrier.startRecording(carrierCallId, request.callId)).rejects.toBeInstanceOf(
        CarrierRejected,
      );
    },
  );

  test.concurrent(
    'whoever calls us gets a stream, a sentence, a busy tone, or a hang-up, as we say',
    async () => {
      const { office } = stage;
      const [taken, told, turnedAway, dropped] = ['1', '2', '3', '4'].map((last) => `+1415666000${last}`) as [
        string,
        string,
        string,
        string,
      ];
      office.onArrival.set(told, { sentence: 'All lines are busy. Goodbye.' });
      office.onArrival.set(turnedAway, 'reject');
      office.onArrival.set(dropped, 'hang-up');
      const phones: readonly Phone[] = [taken, told, turnedAway, dropped].map((from) => stage.dialIn(from));
      const stream = await nthStream(taken, 1);
      expect(stream.claim.callId).toBe(taken);
      expect(office.arrivals.find(({ from }) => from === taken)).toMatchObject({
        callId: undefined,
        direction: 'inbound',
        to: stage.ownNumber,
      });
      await Promise.all(phones.slice(1).map((phone) => phone.over()));
      expect(phones.map(({ heardWords }) => heardWords)).toEqual([
        '',
        'All lines are busy. Goodbye.',
        '',
        '',
      ]);
      expect(phones[0]?.isUp).toBe(true);
      phones[0]?.hangsUp();
    },
  );

  test.concurrent('who is not the carrier is told nothing, tells nothing, and opens no stream', async () => {
    expect(await stage.knocksAsStranger('call-forged', 'forged-1')).toEqual({ isRefused: true });
    expect(stage.office.progressOf('forged-1')).toEqual([]);
  });
});
