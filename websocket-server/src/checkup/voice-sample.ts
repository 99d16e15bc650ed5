import { inTime } from '../lib/patience.ts';
import type { Clock } from '../lib/runtime.ts';
import type { VoiceModel, VoiceSession } from '../voice-models/voice-model.ts';

const words = 'Hello, this is how I sound on the phone. How can I help you?';
const patienceMs = 20_000;

/** Speaks a sentence in a voice. @returns a WAV file; undefined when the model said nothing in time */
export type VoiceSample = (voice: string) => Promise<Buffer | undefined>;

/**
 * Has a voice model say a sentence, in a session of its own that costs what such a session costs.
 *
 * @throws VoiceModelFailed for a voice that it does not have
 */
export function voiceSampleOf(voiceModel: Pick<VoiceModel, 'open'>, clock: Clock): VoiceSample {
  return async (voice) => {
    const parts: Buffer[] = [];
    let over = (): void => {};
    const ended = new Promise<void>((resolve) => (over = resolve));
    let session: VoiceSession | undefined;
    try {
      session = await voiceModel.open(
        { instructions: `You are a voice sample. ${words}`, voice, language: 'en', tools: [] },
        {
          audio: (_itemId, _responseId, { base64 }) =>
            parts.push(Buffer.from(Buffer.from(base64).toString('latin1'), 'base64')),
          event: ({ type }) => {
            if (type === 'response-ended' || type === 'closed') over();
          },
        },
      );
      session.requestResponse({
        requestId: 'voice-sample',
        instructions: `Say to the person, word for word: "${words}"`,
      });
      const isWhole = await inTime(ended, patienceMs, clock);
      return isWhole && parts.length > 0 ? wavOf(Buffer.concat(parts)) : undefined;
    } finally {
      session?.close();
    }
  };
}

/** @param mulaw G.711 µ-law, 8 kHz mono; WAV holds it as it is (RFC 2361, appendix A: format 7) */
function wavOf(mulaw: Buffer): Buffer {
  const header = Buffer.alloc(46);
  header.write('RIFF', 0);
  header.writeUInt32LE(38 + mulaw.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(18, 16);
  header.writeUInt16LE(7, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(8_000, 24);
  header.writeUInt32LE(8_000, 28);
  header.writeUInt16LE(1, 32);
  header.writeUInt16LE(8, 34);
  header.write('data', 38);
  header.writeUInt32LE(mulaw.length, 42);
  return Buffer.concat([header, mulaw]);
}
