import type { Config } from '../src/config/config.ts';
import type { Clock } from '../src/lib/runtime.ts';
import { createOpenAiRealtime } from '../src/voice-models/openai-realtime/index.ts';
import type { VoiceModel, VoiceSession } from '../src/voice-models/voice-model.ts';
import {
  Ears,
  OpenAiSide,
  realClock,
  runtimeWith,
  settings,
  type OpenAiConnection,
  type OpenAiSideOptions,
  type Wire,
} from './openai-side.ts';

export const apiKey = 'sk-proj-very-secret-key';

export function modelAt(baseUrl: string, clock: Clock = realClock): VoiceModel {
  const config: Config['openai'] = {
    apiKey,
    baseUrl,
    model: 'gpt-realtime-2.1',
    voice: 'marin',
    transcriptionModel: 'gpt-transcribe',
  };
  return createOpenAiRealtime(config, runtimeWith(clock));
}

/** The adapter at one end of a socket, OpenAI's side at the other, and an ear on what comes through. */
export class Stage {
  readonly ears: Ears;
  readonly side: OpenAiSide;
  readonly session: VoiceSession;
  readonly peer: OpenAiConnection;

  private constructor(side: OpenAiSide, ears: Ears, session: VoiceSession, peer: OpenAiConnection) {
    this.side = side;
    this.ears = ears;
    this.session = session;
    this.peer = peer;
  }

  static async open(options: OpenAiSideOptions = {}, clock?: Clock): Promise<Stage> {
    const side = await OpenAiSide.start(options);
    const ears = new Ears();
    const session = await modelAt(side.baseUrl, clock).open(settings, ears);
    return new Stage(side, ears, session, await side.connected());
  }

  /** Once this comes back, everything sent before has been handled. Leaves no trace in what was told. */
  async settled(): Promise<void> {
    this.peer.send({ type: 'input_audio_buffer.speech_stopped', item_id: 'settled' });
    const sign = await this.ears.isTold('speech-stopped', 'settled');
    this.ears.events.splice(this.ears.events.indexOf(sign), 1);
  }
}

export function audioDelta(delta: string, ids: Wire = {}): Wire {
  return {
    type: 'response.output_audio.delta',
    event_id: 'event_1',
    response_id: 'resp_1',
    item_id: 'item_1',
    output_index: 0,
    content_index: 0,
    delta,
    ...ids,
  };
}
