import { Agent } from 'node:https';
import { createSecureContext } from 'node:tls';
import type { Config } from '../../config/config.ts';
import type { Clock, Runtime } from '../../lib/runtime.ts';
import { VoiceModelFailed } from '../voice-model-errors.ts';
import type { VoiceListener, VoiceModel, VoiceSession, VoiceSettings } from '../voice-model.ts';
import { HandshakeFailed, shakeHands } from './handshake.ts';
import { sessionConfig } from './session-config.ts';
import { OpenAiVoiceSession } from './voice-session.ts';

/** The longest that opening takes, with its second try. */
export const openTimeoutMs = 10_000;

/** A first failure later than this leaves too little of the ringing for a second try. */
const retryWithinMs = 4_000;
const retryAfterMs = 250;

/** OpenAI's Realtime API, and endpoints compatible with it, over WebSocket. */
export function createOpenAiRealtime(config: Config['openai'], runtime: Runtime): VoiceModel {
  return new OpenAiRealtime(config, runtime);
}

class OpenAiRealtime implements VoiceModel {
  readonly name = 'openai-realtime';
  readonly capabilities = { reportsSpeech: true, truncates: true, reconfigures: true };
  readonly #config: Config['openai'];
  readonly #runtime: Runtime;
  /** Calls share certificates and resume TLS sessions: opening one costs less, and each keeps less. */
  readonly #tlsAgent = new Agent({ secureContext: createSecureContext() });

  constructor(config: Config['openai'], runtime: Runtime) {
    this.#config = config;
    this.#runtime = runtime;
  }

  async open(settings: VoiceSettings, listener: VoiceListener): Promise<VoiceSession> {
    const { clock, log } = this.#runtime;
    const startedAt = clock.elapsed();
    try {
      return await this.#attempt(settings, listener, openTimeoutMs);
    } catch (failure) {
      const spentMs = clock.elapsed() - startedAt;
      if (!(failure instanceof HandshakeFailed) || !failure.isRetryable || spentMs > retryWithinMs) {
        throw this.#failed(failure);
      }
      log.info('opening a voice session failed, trying once more', { err: failure });
    }
    await pause(clock, retryAfterMs);
    try {
      return await this.#attempt(settings, listener, openTimeoutMs - (clock.elapsed() - startedAt));
    } catch (failure) {
      throw this.#failed(failure);
    }
  }

  #attempt(settings: VoiceSettings, listener: VoiceListener, timeLimitMs: number): Promise<VoiceSession> {
    const { clock } = this.#runtime;
    const log = this.#runtime.log.child({ voiceModel: this.name });
    const wanted = settings.model ?? this.#config.model;
    const endpoint = { url: realtimeUrl(this.#config.baseUrl, wanted), apiKey: this.#config.apiKey };
    const attempt = {
      endpoint,
      config: sessionConfig(settings, this.#config),
      timeLimitMs,
      tlsAgent: this.#tlsAgent,
      clock,
      log,
    };
    return shakeHands(attempt, (ready) => {
      const sessionId = ready.sessionId ?? this.#runtime.newId('session');
      const model = ready.model ?? wanted;
      return new OpenAiVoiceSession({
        socket: ready.socket,
        sessionId,
        model,
        expiresAt: ready.expiresAt,
        transcriptionModel: this.#config.transcriptionModel,
        settings,
        listener,
        clock,
        log: log.child({ voiceSession: sessionId }),
      });
    });
  }

  #failed(cause: unknown): Error {
    if (!(cause instanceof HandshakeFailed)) return cause instanceof Error ? cause : new Error(String(cause));
    return new VoiceModelFailed(this.#config.model, cause.message, { cause, isFinal: !cause.isRetryable });
  }
}

/** `https://…/v1` → `wss://…/v1/realtime?model=…`; `http` becomes `ws`. */
function realtimeUrl(baseUrl: string, model: string): string {
  return `${baseUrl.replace(/^http/, 'ws')}/realtime?model=${encodeURIComponent(model)}`;
}

function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(ms, resolve);
  });
}
