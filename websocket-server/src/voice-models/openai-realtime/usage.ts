import type { TokenCounts, VoiceUsage } from '../../call/cost.ts';
import { noTokens } from '../../call/cost.ts';
import { countIn, objectIn, textIn, type JsonObject } from './json.ts';

export interface ModelNames {
  readonly model: string;
  readonly transcriptionModel: string;
}

/**
 * What a message tells of usage (OpenAI Realtime reference, `response.done` and
 * `conversation.item.input_audio_transcription.completed`): the second is billed apart from the first.
 *
 * @returns undefined when it tells nothing, as a failed response does
 */
export function usageIn(message: JsonObject, names: ModelNames): VoiceUsage | undefined {
  switch (textIn(message, 'type')) {
    case 'response.done':
      return tokenUsage('conversation', names.model, objectIn(objectIn(message, 'response'), 'usage'));
    case 'conversation.item.input_audio_transcription.completed': {
      const usage = objectIn(message, 'usage');
      const seconds = countIn(usage, 'seconds');
      if (seconds === undefined) return tokenUsage('transcription', names.transcriptionModel, usage);
      const none = { input: noTokens, cached: noTokens, output: noTokens };
      return { of: 'transcription', model: names.transcriptionModel, ...none, seconds, isDetailed: true };
    }
    default:
      return undefined;
  }
}

function tokenUsage(of: VoiceUsage['of'], model: string, usage: JsonObject): VoiceUsage | undefined {
  const totalIn = countIn(usage, 'input_tokens');
  const totalOut = countIn(usage, 'output_tokens');
  if (totalIn === undefined && totalOut === undefined) return undefined;
  const inputDetails = objectIn(usage, 'input_token_details');
  const input = tokensIn(inputDetails);
  const cached = tokensIn(objectIn(inputDetails, 'cached_tokens_details'));
  const outputDetails = usage['output_token_details'];
  // A transcription writes nothing but text, and does not say so.
  const output =
    of === 'transcription' && outputDetails === undefined
      ? { ...noTokens, text: totalOut ?? 0 }
      : tokensIn(objectIn(usage, 'output_token_details'));
  const isDetailed =
    total(input) === (totalIn ?? 0) &&
    total(output) === (totalOut ?? 0) &&
    total(cached) === (countIn(inputDetails, 'cached_tokens') ?? 0);
  return { of, model, input, cached, output, seconds: null, isDetailed };
}

function tokensIn(details: JsonObject): TokenCounts {
  return {
    text: countIn(details, 'text_tokens') ?? 0,
    audio: countIn(details, 'audio_tokens') ?? 0,
    image: countIn(details, 'image_tokens') ?? 0,
  };
}

function total({ text, audio, image }: TokenCounts): number {
  return text + audio + image;
}
