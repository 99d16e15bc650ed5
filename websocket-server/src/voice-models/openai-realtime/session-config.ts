import type { VoiceSettings, VoiceTool } from '../voice-model.ts';

/** The `session` of a `session.update` (OpenAI Realtime reference, GA shape). */
export interface SessionConfig {
  readonly type: 'realtime';
  readonly output_modalities: readonly ['audio'];
  readonly instructions: string;
  readonly audio: {
    readonly input: {
      readonly format: { readonly type: 'audio/pcmu' };
      readonly turn_detection: {
        readonly type: 'server_vad';
        readonly threshold: number;
        readonly prefix_padding_ms: number;
        readonly silence_duration_ms: number;
        readonly create_response: boolean;
        readonly interrupt_response: boolean;
      };
      readonly noise_reduction: { readonly type: 'near_field' };
      readonly transcription: { readonly model: string; readonly language?: string };
    };
    readonly output: {
      readonly format: { readonly type: 'audio/pcmu' };
      readonly voice: string | { readonly id: string };
    };
  };
  readonly tools: readonly FunctionTool[];
  readonly tool_choice: 'auto';
  readonly truncation: { readonly type: 'retention_ratio'; readonly retention_ratio: number };
}

export interface FunctionTool {
  readonly type: 'function';
  readonly name: string;
  readonly description: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** What the operator chose for every call. */
export interface SessionDefaults {
  readonly voice: string;
  readonly transcriptionModel: string;
}

/**
 * The settings of a call in the model's words. `audio/pcmu` is what the phone speaks, so audio passes both ways
 * untouched. Fields that only reasoning models know are left out: on any other model they would have the whole
 * update refused.
 */
export function sessionConfig(settings: VoiceSettings, defaults: SessionDefaults): SessionConfig {
  const language = transcriptionLanguage(settings.language);
  return {
    type: 'realtime',
    output_modalities: ['audio'],
    instructions: settings.instructions,
    audio: {
      input: {
        format: { type: 'audio/pcmu' },
        turn_detection: {
          type: 'server_vad',
          threshold: 0.5,
          prefix_padding_ms: 300,
          silence_duration_ms: 500,
          create_response: true,
          interrupt_response: true,
        },
        noise_reduction: { type: 'near_field' },
        transcription: {
          model: defaults.transcriptionModel,
          ...(language === undefined ? {} : { language }),
        },
      },
      output: {
        format: { type: 'audio/pcmu' },
        voice: voiceOf(settings.voice ?? defaults.voice),
      },
    },
    tools: settings.tools.map(functionTool),
    tool_choice: 'auto',
    // Cutting old turns rarely and in big steps keeps the prompt cache, and so the price of each response.
    truncation: { type: 'retention_ratio', retention_ratio: 0.8 },
  };
}

export function functionTool(tool: VoiceTool): FunctionTool {
  return { type: 'function', name: tool.name, description: tool.description, parameters: tool.parameters };
}

/**
 * The ISO 639-1 code that transcription takes, out of a BCP 47 tag. Undefined when there is none: a code it does
 * not know would have the settings refused, no code only makes it guess.
 */
function transcriptionLanguage(tag: string | null): string | undefined {
  if (tag === null) return undefined;
  try {
    const { language } = new Intl.Locale(tag);
    return language.length === 2 ? language : undefined;
  } catch {
    return undefined;
  }
}

/** Voices made by a customer are named by an object, the built-in ones by their plain name. */
function voiceOf(voice: string): string | { readonly id: string } {
  return voice.startsWith('voice_') ? { id: voice } : voice;
}
