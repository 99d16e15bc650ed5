import { refusal } from './wire.ts';
import type { AudioFormat, Problem, ResponseRequest, SessionSettings, TurnDetection } from './wire.ts';

const voices = ['alloy', 'ash', 'ballad', 'coral', 'echo', 'sage', 'shimmer', 'verse', 'marin', 'cedar'];

/** Models that take `reasoning` and `parallel_tool_calls`; on all others the whole update is refused. */
const reasoningModel = /^gpt-realtime-(2|[3-9])/;

const serverVad: TurnDetection = {
  type: 'server_vad',
  threshold: 0.5,
  prefix_padding_ms: 300,
  silence_duration_ms: 500,
  idle_timeout_ms: null,
  create_response: true,
  interrupt_response: true,
};

const semanticVad: TurnDetection = {
  type: 'semantic_vad',
  eagerness: 'auto',
  create_response: true,
  interrupt_response: true,
};

/** @returns what is in force before any `session.update`: 24 kHz PCM both ways, as in the real API */
export function defaultSettings(id: string, model: string, expiresAtSeconds: number): SessionSettings {
  return {
    type: 'realtime',
    object: 'realtime.session',
    id,
    model,
    expires_at: expiresAtSeconds,
    output_modalities: ['audio'],
    instructions: 'You are a helpful, witty and friendly AI. Talk quickly.',
    audio: {
      input: {
        format: { type: 'audio/pcm', rate: 24000 },
        transcription: null,
        noise_reduction: null,
        turn_detection: serverVad,
      },
      output: { format: { type: 'audio/pcm', rate: 24000 }, voice: 'marin', speed: 1 },
    },
    include: null,
    tracing: null,
    tools: [],
    tool_choice: 'auto',
    ...(reasoningModel.test(model) ? { parallel_tool_calls: true, reasoning: { effort: 'low' } } : {}),
    max_output_tokens: 'inf',
    truncation: 'auto',
    prompt: null,
  };
}

/** The session part of an update, its shape already checked. */
interface SettingsUpdate extends Partial<Omit<SessionSettings, 'audio'>> {
  readonly audio?: {
    readonly input?: Partial<Omit<SessionSettings['audio']['input'], 'turn_detection'>> & {
      readonly turn_detection?: Partial<TurnDetection> | null;
    };
    readonly output?: Partial<SessionSettings['audio']['output']>;
  };
}

/**
 * Applies a `session.update`: only the fields present change, and each of those as a whole.
 *
 * @param update      the event's `session`, which has passed the schema
 * @param hasSpoken   whether audio has been produced, after which the voice is fixed
 * @returns the settings then in force, or why nothing at all changed
 */
export function updatedSettings(
  settings: SessionSettings,
  update: Readonly<Record<string, unknown>>,
  hasSpoken: boolean,
): SessionSettings | Problem {
  const wanted = update as unknown as SettingsUpdate;
  const problem = updateProblem(settings, wanted, hasSpoken);
  if (problem) return problem;
  const { audio, type: _type, ...rest } = wanted;
  const { turn_detection, ...input } = audio?.input ?? {};
  return {
    ...settings,
    ...rest,
    audio: {
      input: {
        ...settings.audio.input,
        ...input,
        ...(turn_detection === undefined ? {} : { turn_detection: filledTurnDetection(turn_detection) }),
      },
      output: { ...settings.audio.output, ...audio?.output },
    },
  };
}

function filledTurnDetection(wanted: Partial<TurnDetection> | null): TurnDetection | null {
  if (wanted === null) return null;
  const defaults = wanted.type === 'semantic_vad' ? semanticVad : serverVad;
  return { ...defaults, ...wanted } as TurnDetection;
}

function updateProblem(
  now: SessionSettings,
  wanted: SettingsUpdate,
  hasSpoken: boolean,
): Problem | undefined {
  const { input, output } = wanted.audio ?? {};
  if (wanted.model !== undefined && wanted.model !== now.model) {
    return refusal('invalid_value', "Cannot update a conversation's model.", 'session.model');
  }
  if (!reasoningModel.test(now.model)) {
    for (const field of ['reasoning', 'parallel_tool_calls'] as const) {
      if (wanted[field] === undefined) continue;
      const message = `Unsupported parameter: '${field}' is not supported with the model '${now.model}'.`;
      return refusal('unsupported_parameter', message, `session.${field}`);
    }
  }
  if (output?.voice !== undefined) {
    if (typeof output.voice === 'string' && !voices.includes(output.voice)) {
      const supported = voices.map((voice) => `'${voice}'`).join(', ');
      const message = `Invalid value: '${output.voice}'. Supported values are: ${supported}.`;
      return refusal('invalid_value', message, 'session.audio.output.voice');
    }
    if (hasSpoken && JSON.stringify(output.voice) !== JSON.stringify(now.audio.output.voice)) {
      const message = "Cannot update a conversation's voice if assistant audio is present.";
      return refusal('cannot_update_voice', message, 'session.audio.output.voice');
    }
  }
  if (now.tracing !== null && wanted.tracing !== undefined) {
    return refusal('invalid_value', 'Tracing cannot be changed once it is enabled.', 'session.tracing');
  }
  return (
    formatProblem('session.audio.input.format', input?.format) ??
    formatProblem('session.audio.output.format', output?.format) ??
    modalitiesProblem('session.output_modalities', wanted.output_modalities) ??
    tokenLimitProblem('session.max_output_tokens', wanted.max_output_tokens) ??
    thresholdProblem(input?.turn_detection)
  );
}

function formatProblem(param: string, format: AudioFormat | undefined): Problem | undefined {
  if (format === undefined) return undefined;
  if (format.type === undefined) {
    return refusal(
      'missing_required_parameter',
      `Missing required parameter: '${param}.type'.`,
      `${param}.type`,
    );
  }
  if (format.type !== 'audio/pcma') return undefined;
  return refusal(
    'invalid_value',
    "The simulated voice model speaks 'audio/pcmu' and 'audio/pcm' only.",
    param,
  );
}

/** One modality, never both: audio brings its transcript. */
function modalitiesProblem(param: string, modalities: readonly string[] | undefined): Problem | undefined {
  if (modalities === undefined || modalities.length === 1) return undefined;
  const message = `Invalid modalities: [${modalities.map((name) => `'${name}'`).join(', ')}]. Supported combinations are: ['text'] and ['audio'].`;
  return refusal('invalid_value', message, param);
}

function tokenLimitProblem(param: string, limit: number | 'inf' | undefined): Problem | undefined {
  if (limit === undefined || limit === 'inf' || (limit >= 1 && limit <= 4096)) return undefined;
  return refusal(
    'invalid_value',
    `Invalid '${param}': expected 1 to 4096 or 'inf', but got ${limit}.`,
    param,
  );
}

function thresholdProblem(detection: Partial<TurnDetection> | null | undefined): Problem | undefined {
  if (detection?.type !== 'server_vad') return undefined;
  for (const [field, least, most] of [
    ['threshold', 0, 1],
    ['prefix_padding_ms', 0, 5000],
    ['silence_duration_ms', 0, 10_000],
  ] as const) {
    const value = detection[field];
    if (value === undefined || (value >= least && value <= most)) continue;
    const param = `session.audio.input.turn_detection.${field}`;
    return refusal(
      'invalid_value',
      `Invalid '${param}': expected ${least} to ${most}, but got ${value}.`,
      param,
    );
  }
  return undefined;
}

/** @returns what is wrong with a `response.create` that has passed the schema */
export function requestProblem(request: ResponseRequest): Problem | undefined {
  const { conversation, audio } = request;
  if (conversation !== undefined && !['auto', 'none'].includes(conversation)) {
    const message = `Invalid value: '${conversation}'. Supported values are: 'auto', 'none'.`;
    return refusal('invalid_value', message, 'response.conversation');
  }
  return (
    modalitiesProblem('response.output_modalities', request.output_modalities) ??
    tokenLimitProblem('response.max_output_tokens', request.max_output_tokens) ??
    formatProblem('response.audio.output.format', audio?.output?.format)
  );
}

/** @returns whether the settings were refused */
export function isProblem(result: SessionSettings | Problem): result is Problem {
  return result.type !== 'realtime';
}
