import type { Agent } from 'node:https';
import type { FrameListener, FrameSocket } from '../../lib/frames/frame-socket.ts';
import { connectFrames, UpgradeRefused } from '../../lib/frames/handshake.ts';
import type { Log } from '../../lib/log.ts';
import type { Clock } from '../../lib/runtime.ts';
import { sessionUpdate } from './client-events.ts';
import { countIn, parseMessage, textIn } from './json.ts';
import type { JsonObject } from './json.ts';
import { isPassing, meaningOfError, meaningOfStatus } from './refusals.ts';
import { serverEvent, type ServerError } from './server-events.ts';
import type { SessionConfig } from './session-config.ts';
import { echoDifferences } from './session-echo.ts';

export interface Endpoint {
  /** With the model in its query. */
  readonly url: string;
  readonly apiKey: string;
}

/** A session that is open and runs on the settings that were asked for. */
export interface ReadySession {
  readonly socket: FrameSocket;
  /** Undefined when the model gives none. */
  readonly sessionId: string | undefined;
  readonly model: string | undefined;
  /** ms since 1970; null when the model does not tell. */
  readonly expiresAt: number | null;
}

/** Why no session came of an attempt, in a sentence for the operator. */
export class HandshakeFailed extends Error {
  /** The connection failed, not the request: the same again may succeed. */
  readonly isRetryable: boolean;

  constructor(sentence: string, isRetryable: boolean, options?: ErrorOptions) {
    super(sentence, options);
    this.isRetryable = isRetryable;
  }
}

/** A 24 MB piece of audio is absurd, but no reason to lose the call. */
const largestMessageBytes = 32 * 1024 * 1024;

/** The peer gave up for a reason that passes: abnormal closure, internal error, restart, overload (RFC 6455). */
const passingCloseCodes: ReadonlySet<number> = new Set([1006, 1011, 1012, 1013]);

/**
 * Connects, waits for `session.created`, sends the settings and waits until they are confirmed.
 *
 * @param accept called within the message that confirms, so that whoever listens from then on misses nothing
 * @throws HandshakeFailed; the connection is closed then
 */
export function shakeHands<T>(
  attempt: {
    readonly endpoint: Endpoint;
    readonly config: SessionConfig;
    readonly timeLimitMs: number;
    readonly tlsAgent: Agent;
    readonly clock: Clock;
    readonly log: Log;
  },
  accept: (session: ReadySession) => T,
): Promise<T> {
  const { config, tlsAgent, clock, log } = attempt;
  return new Promise((resolve, reject) => {
    const connecting = new AbortController();
    let socket: FrameSocket | undefined;
    let created: Omit<ReadySession, 'socket'> | undefined;
    let isSettled = false;

    const cancelLimit = clock.after(attempt.timeLimitMs, () => {
      fail(new HandshakeFailed('OpenAI did not open a session in time. Check the network.', true));
    });

    const fail = (failure: HandshakeFailed): void => {
      if (isSettled) return;
      isSettled = true;
      cancelLimit();
      connecting.abort();
      socket?.terminate();
      reject(failure);
    };

    const receive = (opened: FrameSocket, data: Buffer): void => {
      const message = parseMessage(data);
      const event = message === undefined ? undefined : serverEvent(message);
      if (event?.type === 'session-created' && created === undefined) {
        created = {
          sessionId: textIn(event.session, 'id'),
          model: textIn(event.session, 'model'),
          expiresAt: expiryOf(event.session),
        };
        opened.send(JSON.stringify(sessionUpdate('session-update', config)));
      } else if (event?.type === 'session-updated' && created !== undefined) {
        const differences = echoDifferences(config, event.session);
        const fatal = differences.find(({ isFatal }) => isFatal);
        if (fatal !== undefined) {
          fail(
            new HandshakeFailed(`OpenAI uses another ${fatal.setting} than asked for: ${fatal.got}.`, false),
          );
          return;
        }
        if (differences.length > 0)
          log.warn('voice session runs on other settings than asked for', { differences });
        isSettled = true;
        cancelLimit();
        resolve(accept({ socket: opened, ...created }));
      } else if (event?.type === 'error') {
        fail(new HandshakeFailed(sentenceOfError(event, created !== undefined), isPassing(event.code)));
      }
    };

    const opened = (frames: FrameSocket, start: (listener: FrameListener) => void): void => {
      socket = frames;
      start({
        message: (bytes) => {
          if (!isSettled) receive(frames, bytes);
        },
        closed: (closeCode, _reason, error) => {
          if (error !== undefined) return fail(unreachable(error));
          const sentence = `OpenAI closed the connection before the session was ready (${closeCode}).`;
          fail(new HandshakeFailed(sentence, passingCloseCodes.has(closeCode)));
        },
      });
    };

    const refused = (error: Error): void => {
      if (!(error instanceof UpgradeRefused)) return fail(unreachable(error));
      const { sentence, isRetryable } = meaningOfStatus(error.status);
      fail(new HandshakeFailed(sentence, isRetryable));
    };

    const { url, apiKey } = attempt.endpoint;
    const headers = { authorization: `Bearer ${apiKey}` };
    const { signal } = connecting;
    const options = { headers, signal, tlsAgent, mostMessageBytes: largestMessageBytes, clock };
    try {
      connectFrames(url, options, opened, refused);
    } catch (error) {
      const sentence = 'OPENAI_BASE_URL or OPENAI_API_KEY cannot be used for a connection: it is malformed.';
      fail(new HandshakeFailed(sentence, false, { cause: error }));
    }
  });
}

/** `session.expires_at` is in whole seconds (OpenAI Realtime reference). */
function expiryOf(session: JsonObject): number | null {
  const seconds = countIn(session, 'expires_at');
  return seconds === undefined ? null : seconds * 1000;
}

function unreachable(error: NodeJS.ErrnoException): HandshakeFailed {
  const sentence = `OpenAI cannot be reached (${error.code ?? error.message}). Check the network and OPENAI_BASE_URL.`;
  return new HandshakeFailed(sentence, true, { cause: error });
}

function sentenceOfError(error: ServerError, isAboutSettings: boolean): string {
  const known = meaningOfError(error.code).sentence;
  if (known !== undefined) return known;
  return isAboutSettings
    ? `OpenAI refused the settings of the session: ${error.message}`
    : `OpenAI refused to open a session: ${error.message}`;
}
