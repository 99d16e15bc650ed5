import { beforeEach, expect, test } from 'vitest';
import { noSecrets } from '../src/agent/secrets.ts';
import { openAuthority } from '../src/call/authority.ts';
import type { CallHappening } from '../src/call/call-event.ts';
import type { MediaStreamListener } from '../src/carriers/carrier.ts';
import { chunkOfBase64 } from '../src/lib/chunk.ts';
import type { Chunk } from '../src/lib/chunk.ts';
import { silentLog } from '../src/lib/log.ts';
import { Tally } from '../src/lib/tally.ts';
import { CallSession } from '../src/session/call-session.ts';
import type { VoiceListener, VoiceModel, VoiceSession } from '../src/voice-models/voice-model.ts';
import { HandClock } from './twilio-side.ts';

/** The voice end of a call, by a clock that is moved by hand: a session is followed by another in a pause. */

const hourMs = 3_600_000;
const agedMs = 50 * 60_000;

class Session implements VoiceSession {
  readonly model = 'model';
  readonly expiresAt = null;
  backlogBytes = 0;
  readonly sessionId: string;
  readonly listener: VoiceListener;
  readonly texts: string[] = [];
  appended = 0;
  isOpen = true;

  constructor(sessionId: string, listener: VoiceListener) {
    this.sessionId = sessionId;
    this.listener = listener;
  }

  append(_chunk: Chunk): void {
    this.appended += 1;
  }
  requestResponse(): void {}
  cancelResponse(): void {}
  truncate(): void {}
  deleteItem(): void {}
  addText(role: string, text: string): void {
    this.texts.push(`${role}: ${text}`);
  }
  answerTool(): void {}
  reconfigure(): void {}
  close(): void {
    this.isOpen = false;
  }
  breaksOff(): void {
    this.isOpen = false;
    this.listener.event({ type: 'closed', message: 'gone' });
  }
}

let clock: HandClock;
let sessions: Session[];
let recorded: CallHappening[];
let refusals: number;
const chunk = chunkOfBase64(Buffer.alloc(160, 0xff));

const model: VoiceModel = {
  name: 'hand-made',
  capabilities: { reportsSpeech: true, truncates: true, reconfigures: true },
  open: async (_settings, listener) => {
    if (refusals > 0) {
      refusals -= 1;
      throw new Error('not now');
    }
    const session = new Session(`session-${sessions.length + 1}`, listener);
    sessions.push(session);
    return session;
  },
};

beforeEach(() => {
  clock = new HandClock();
  sessions = [];
  recorded = [];
  refusals = 0;
});

/** Lets promises that are settled already be acted on. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Which session hears what the person says now. */
function hearer(line: MediaStreamListener): string | undefined {
  for (const session of sessions) session.appended = 0;
  line.audio(chunk, 0);
  return sessions.find((session) => session.appended > 0)?.sessionId;
}

async function talking() {
  const call = new CallSession({
    callId: 'call_1',
    direction: 'inbound',
    voiceModel: model,
    settings: { instructions: '', voice: null, language: null, tools: [] },
    authority: openAuthority,
    secrets: noSecrets,
    ownTools: [],
    runTool: async () => '',
    voicemail: { action: 'hang_up' },
    isDisclosureDue: false,
    canHandOver: false,
    phone: {
      pressDigits: async () => {},
      hangUp: () => {},
      apologise: () => {},
      barNumber: () => {},
      putThrough: () => {},
      handOver: () => {},
    },
    record: (happening) => recorded.push(happening),
    hint: () => {},
    used: () => {},
    transcript: () => [
      {
        turnId: 'turn_1',
        speaker: 'person',
        text: 'Hello there.',
        startedAt: 0,
        isSettled: true,
        settledSequence: 1,
        isInterrupted: false,
      },
    ],
    clock,
    log: silentLog,
    tally: new Tally(),
  });
  call.answered(4 * hourMs);
  await settled();
  const line = call.attach({
    streamId: 'stream-1',
    backlogBytes: 0,
    play: () => {},
    clear: () => {},
    close: () => {},
  });
  const [first] = sessions;
  if (first === undefined) throw new Error('no session was opened');
  // The agent has greeted and was heard, so the silence is nobody's.
  first.listener.event({ type: 'response-started', responseId: 'r1', isAside: false });
  first.listener.event({ type: 'speech-started', itemId: 'i1' });
  return { call, line, first };
}

test('a session is followed by another only once the person pauses, and audio never stops', async () => {
  const { line, first } = await talking();
  clock.advance(agedMs);
  await settled();
  const next = sessions[1];
  expect(next).toBeDefined();
  expect([first.isOpen, hearer(line)]).toEqual([true, 'session-1']);
  first.listener.event({ type: 'speech-stopped', itemId: 'i1' });
  first.listener.event({
    type: 'response-ended',
    responseId: 'r1',
    isAside: false,
    status: 'cancelled',
    failure: undefined,
  });
  first.listener.event({ type: 'response-started', responseId: 'r2', isAside: false });
  first.listener.audio('i2', 'r2', chunk);
  first.listener.event({
    type: 'response-ended',
    responseId: 'r2',
    isAside: false,
    status: 'completed',
    failure: undefined,
  });
  expect(first.isOpen).toBe(true);
  line.markReached('1');
  expect([first.isOpen, next?.isOpen]).toEqual([false, true]);
  expect(next?.texts).toEqual(['person: Hello there.']);
  expect(hearer(line)).toBe('session-2');
  expect(sessions).toHaveLength(2);
  expect(recorded.filter(({ type }) => type === 'voice-session-lost')).toEqual([]);
});

test('an aged session that breaks off is followed at once by the one that stands ready', async () => {
  const { first, line } = await talking();
  clock.advance(agedMs);
  await settled();
  first.breaksOff();
  expect(hearer(line)).toBe('session-2');
  expect(sessions).toHaveLength(2);
});

test('a session that stands ready and breaks off is replaced, and the call does not notice', async () => {
  const { first, line } = await talking();
  clock.advance(agedMs);
  await settled();
  sessions[1]?.breaksOff();
  expect([first.isOpen, hearer(line)]).toEqual([true, 'session-1']);
  clock.advance(60_000);
  await settled();
  expect(sessions[2]?.isOpen).toBe(true);
});

test('an aged session goes on while the model opens no other, which is tried again', async () => {
  const { first, line } = await talking();
  refusals = 3;
  clock.advance(agedMs);
  await settled();
  expect([first.isOpen, hearer(line), sessions.length]).toEqual([true, 'session-1', 1]);
  for (let tries = 0; tries < 3; tries += 1) {
    clock.advance(1000);
    await settled();
  }
  expect(sessions).toHaveLength(2);
});

test('a model that takes no audio for a while gets the newest 20 s when it does', async () => {
  const { first, line } = await talking();
  first.appended = 0;
  first.backlogBytes = 1024 * 1024;
  // 20 ms each: 30 s of speech.
  for (let spoken = 0; spoken < 1500; spoken += 1) line.audio(chunk, spoken * 20);
  expect(first.appended).toBe(0);
  first.backlogBytes = 0;
  line.audio(chunk, 30_000);
  expect(first.appended).toBe(1 + Math.floor(20_000 / chunk.ms));
});
