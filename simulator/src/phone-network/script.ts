import { once } from 'node:events';
import { digitTone } from '../speech/tones.ts';
import { silenceLasting } from '../speech/mulaw.ts';
import type { MediaStream } from './media-stream.ts';
import { PlaybackBuffer } from './playback-buffer.ts';
import type { PhoneLine } from './phone-line.ts';
import type { DialedLeg } from './dialed-leg.ts';
import type { DialVerb, StreamVerb, Verb } from './twiml.ts';

/** What a running document needs of its call. */
export interface ScriptHost {
  readonly line: PhoneLine;
  /** The announcer's voice, µ-law. */
  announcement(text: string): Promise<Uint8Array>;
  openStream(verb: StreamVerb): MediaStream;
  /** The person's phone has heard a key. */
  digitArrived(digit: string): void;
  /** Rings another phone and tells what became of it. */
  dial(verb: DialVerb, signal: AbortSignal): Promise<DialedLeg>;
}

/** Where a document leads. */
export type ScriptEnd =
  | { readonly next: 'hang-up' }
  | { readonly next: 'reject'; readonly reason: 'rejected' | 'busy' }
  | {
      readonly next: 'request';
      readonly url: string;
      readonly method: 'GET' | 'POST';
      readonly form: Record<string, string>;
    }
  /** Another document has taken over. */
  | { readonly next: 'nothing' };

const dialAnswer = 'Hello, you have been put through. The rest of this call is not simulated. Goodbye.';

/**
 * Runs the verbs one after another. When the signal aborts, what runs is stopped and nothing follows.
 */
export async function runScript(
  host: ScriptHost,
  verbs: readonly Verb[],
  signal: AbortSignal,
): Promise<ScriptEnd> {
  for (const verb of verbs) {
    if (signal.aborted) return { next: 'nothing' };
    switch (verb.verb) {
      case 'Stream':
        await runStream(host, verb, signal);
        break;
      case 'Say':
        for (let i = 0; i < verb.loop; i++)
          await playToPerson(host.line, await host.announcement(verb.text), signal);
        break;
      case 'Play':
        await playDigits(host, verb.digits, signal);
        break;
      case 'Pause':
        await playToPerson(host.line, silenceLasting(verb.seconds * 1000), signal);
        break;
      case 'Dial': {
        const leg = await host.dial(verb, signal);
        if (signal.aborted) break;
        if (leg.isJoined) await playToPerson(host.line, await host.announcement(dialAnswer), signal);
        if (leg.isJoined && leg.staysOnLine && !signal.aborted) await once(signal, 'abort');
        if (signal.aborted || verb.action === undefined) break;
        const form = {
          DialCallStatus: leg.status,
          DialCallSid: leg.sid,
          DialBridged: String(leg.isJoined),
        };
        return { next: 'request', url: verb.action, method: 'POST', form };
      }
      // Nobody presses a key for it at the person's end.
      case 'Gather':
        await playToPerson(host.line, await host.announcement(verb.text), signal);
        break;
      case 'Redirect':
        return { next: 'request', url: verb.url, method: verb.method, form: {} };
      case 'Reject':
        return { next: 'reject', reason: verb.reason };
      case 'Hangup':
        return { next: 'hang-up' };
    }
  }
  return signal.aborted ? { next: 'nothing' } : { next: 'hang-up' };
}

/** Presses keys for the person to hear: `w` waits half a second, `W` a whole one. */
export async function playDigits(host: ScriptHost, digits: string, signal: AbortSignal): Promise<void> {
  for (const digit of digits) {
    if (signal.aborted) return;
    if (digit === 'w' || digit === 'W') {
      await playToPerson(host.line, silenceLasting(digit === 'w' ? 500 : 1000), signal);
      continue;
    }
    await playToPerson(host.line, digitTone(digit), signal);
    if (!signal.aborted) host.digitArrived(digit);
  }
}

async function runStream(host: ScriptHost, verb: StreamVerb, signal: AbortSignal): Promise<void> {
  const stream = host.openStream(verb);
  const playing = { buffer: stream.buffer, onReached: (mark: string) => stream.sendMark(mark) };
  host.line.toPerson = playing;
  const stop = () => stream.end();
  signal.addEventListener('abort', stop, { once: true });
  await stream.ended;
  signal.removeEventListener('abort', stop);
  if (host.line.toPerson === playing) host.line.toPerson = undefined;
}

/** Plays something to its end, or until the signal aborts. */
export function playToPerson(line: PhoneLine, audio: Uint8Array, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  const buffer = new PlaybackBuffer();
  buffer.add(audio);
  buffer.mark('end');
  return new Promise((resolve) => {
    const finish = () => {
      if (line.toPerson === playing) line.toPerson = undefined;
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const playing = { buffer, onReached: finish };
    line.toPerson = playing;
    signal.addEventListener('abort', finish, { once: true });
  });
}
