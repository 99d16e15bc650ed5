import type { Entry } from './conversation.ts';
import type { Item } from './wire.ts';

/** What a response produced, for counting. */
export interface Produced {
  readonly audioMs: number;
  readonly text: string;
}

const msPerTokenHeard = 100;
const msPerTokenSpoken = 50;
const lettersPerToken = 4;

/**
 * Counts tokens as the bill would: every response reads the whole conversation again, and all of it but the
 * latest person's turn comes from the cache.
 *
 * @param instructions the instructions and tools that the response was given, as text
 */
export function usageOf(instructions: string, entries: readonly Entry[], produced: Produced): object {
  const latest = entries.findLastIndex(({ item }) => item?.type === 'message' && item.role === 'user');
  let text = textTokens(instructions);
  let audio = 0;
  let cachedText = 0;
  let cachedAudio = 0;
  for (const [i, entry] of entries.entries()) {
    if (i === latest || (latest < 0 && i === 0)) {
      cachedText = text;
      cachedAudio = audio;
    }
    const isHeard = entry.item?.type === 'message' && entry.item.role === 'user';
    audio += Math.ceil(entry.audioMs / (isHeard ? msPerTokenHeard : msPerTokenSpoken));
    text += textTokens(entry.item ? textOf(entry.item) : '');
  }
  const audioOut = Math.ceil(produced.audioMs / msPerTokenSpoken);
  const textOut = textTokens(produced.text);
  const input = text + audio;
  const output = audioOut + textOut;
  return {
    total_tokens: input + output,
    input_tokens: input,
    output_tokens: output,
    input_token_details: {
      text_tokens: text,
      audio_tokens: audio,
      image_tokens: 0,
      cached_tokens: cachedText + cachedAudio,
      cached_tokens_details: { text_tokens: cachedText, audio_tokens: cachedAudio, image_tokens: 0 },
    },
    output_token_details: { text_tokens: textOut, audio_tokens: audioOut },
  };
}

/** The transcription model's own bill: what it heard and what it wrote. */
export function transcriptionUsage(durationMs: number, transcript: string): object {
  const audio = Math.ceil(durationMs / msPerTokenHeard);
  const output = textTokens(transcript);
  return {
    type: 'tokens',
    total_tokens: audio + output,
    input_tokens: audio,
    input_token_details: { text_tokens: 0, audio_tokens: audio },
    output_tokens: output,
  };
}

function textOf(item: Item): string {
  if (item.type === 'message') return item.content.map(({ text }) => text ?? '').join(' ');
  return item.type === 'function_call' ? item.name + item.arguments : item.output;
}

function textTokens(text: string): number {
  return Math.ceil(text.length / lettersPerToken);
}
