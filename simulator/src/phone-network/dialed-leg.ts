import type { Persona } from '../personas/persona.ts';
import { ringingTone } from '../speech/tones.ts';
import type { DocumentSource } from './call-order.ts';
import type { PhoneLine } from './phone-line.ts';
import { playToPerson } from './script.ts';
import { newSid } from './sid.ts';
import { parseTwiml } from './twiml.ts';
import type { DialVerb, Verb } from './twiml.ts';

/** Another phone that a document had dialed, as far as it is simulated: it rings, listens, and presses a key. */
export interface DialedLeg {
  readonly sid: string;
  readonly number: string;
  /** What was said there before it was joined to the call. */
  readonly told: string;
  readonly isJoined: boolean;
  /** Those who are joined talk until the person hangs up. */
  readonly staysOnLine: boolean;
  /** Undefined where nobody picked up. */
  readonly pickedUpAt?: Date;
  readonly status: 'completed' | 'busy' | 'no-answer' | 'failed';
}

export interface DialedLegHost {
  readonly line: PhoneLine;
  readonly persona: Persona;
  /** Asks a webhook for a document; the fields of the leg are added to the form. */
  document(source: DocumentSource, form: Readonly<Record<string, string>>): Promise<string>;
}

const briefingMs = 400;
const unansweredMs = 1500;
const defaultTimeoutSeconds = 30;

/**
 * Rings a phone while the person hears it ring; whoever picks up gets the document of `<Number url>` first, and the
 * two are joined when that ends without a hang-up. A human presses 1 when asked for a key, a machine nothing.
 */
export async function dialLeg(verb: DialVerb, host: DialedLegHost, signal: AbortSignal): Promise<DialedLeg> {
  const { persona, line } = host;
  const sid = newSid('CA');
  const { staysOnLine = false } = persona;
  const leg = { sid, number: verb.number, told: '', isJoined: false, staysOnLine } as const;
  const timeoutMs = (verb.timeoutSeconds ?? defaultTimeoutSeconds) * 1000;
  await ring(
    line,
    Math.min(timeoutMs, persona.pickUp === 'answers' ? persona.ringsForMs : unansweredMs),
    signal,
  );
  if (persona.pickUp === 'busy') return { ...leg, status: 'busy' };
  if (persona.pickUp === 'rejected' || persona.pickUp === 'unreachable') return { ...leg, status: 'failed' };
  if (persona.pickUp === 'no-answer' || persona.ringsForMs > timeoutMs)
    return { ...leg, status: 'no-answer' };
  const answered = { ...leg, pickedUpAt: new Date(), status: 'completed' } as const;
  if (verb.whisper === undefined) return { ...answered, isJoined: true };
  const told: string[] = [];
  const form = { CallSid: sid, To: verb.number, CallStatus: 'in-progress', Direction: 'outbound-dial' };
  const run = async (verbs: readonly Verb[], base: string): Promise<boolean> => {
    for (const step of verbs) {
      if (signal.aborted || step.verb === 'Hangup') return false;
      if (step.verb === 'Say') told.push(step.text);
      if (step.verb !== 'Gather') continue;
      told.push(step.text);
      await ring(line, briefingMs, signal);
      if (persona.isMachine) continue;
      const url = new URL(step.action ?? '', base).href;
      const next = await host.document({ url, method: step.method }, { ...form, Digits: '1' });
      return run(parseTwiml(next), url);
    }
    return true;
  };
  const { url, method } = verb.whisper;
  const isJoined = await run(parseTwiml(await host.document({ url, method }, form)), url);
  return { ...answered, told: told.join(' '), isJoined };
}

/** The person hears the other phone ring, in tones of 3 s that are cut off at the end. */
async function ring(line: PhoneLine, ms: number, signal: AbortSignal): Promise<void> {
  const tone = ringingTone();
  for (let leftMs = ms; leftMs > 0 && !signal.aborted; leftMs -= tone.length / 8) {
    await playToPerson(line, tone.subarray(0, Math.ceil(leftMs / 20) * 160), signal);
  }
}
