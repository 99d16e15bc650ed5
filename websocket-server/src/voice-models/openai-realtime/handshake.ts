import { WebSocket } from 'ws';
import type { Log } from '../../lib/log.ts';
import type { Clock } from '../../lib/runtime.ts';
import { sessionUpdate } from './client-events.ts';
import { parseMessage, textIn } from './json.ts';
import { meaningOfError, meaningOfStatus } from './refusals.ts';
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
  readonly socket: WebSocket;
  /** Undefined when the model gives none. */
  readonly sessionId: string | undefined;
  readonly model: string | undefined;
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
    readonly clock: Clock;
    readonly log: Log;
  },
  accept: (session: ReadySession) => T,
): Promise<T> {
  const { config, clock, log } = attempt;
  return new Promise((resolve, reject) => {
    const socket = connect(attempt.endpoint);
    let created: { sessionId: string | undefined; model: string | undefined } | undefined;

    const cancelLimit = clock.after(attempt.timeLimitMs, () => {
      fail(new HandshakeFailed('OpenAI did not open a session in time. Check the network.', false));
    });

    const settle = (): void => {
      cancelLimit();
      socket.removeAllListeners();
    };

    const fail = (failure: HandshakeFailed): void => {
      settle();
      socket.on('error', () => {}); // `terminate` reports an unfinished connection as an error of its own
      socket.terminate();
      reject(failure);
    };

    socket.on('unexpected-response', (_request, response) => {
      response.resume();
      const { sentence, isRetryable } = meaningOfStatus(response.statusCode ?? 0);
      fail(new HandshakeFailed(sentence, isRetryable));
    });

    socket.on('error', (error: NodeJS.ErrnoException) => {
      const sentence = `OpenAI cannot be reached (${error.code ?? error.message}). Check the network and OPENAI_BASE_URL.`;
      fail(new HandshakeFailed(sentence, true, { cause: error }));
    });

    socket.on('close', (closeCode: number) => {
      const sentence = `OpenAI closed the connection before the session was ready (${closeCode}).`;
      fail(new HandshakeFailed(sentence, passingCloseCodes.has(closeCode)));
    });

    socket.on('message', (data: Buffer) => {
      const message = parseMessage(data);
      const event = message === undefined ? undefined : serverEvent(message);
      if (event?.type === 'session-created' && created === undefined) {
        created = { sessionId: textIn(event.session, 'id'), model: textIn(event.session, 'model') };
        socket.send(JSON.stringify(sessionUpdate('session-update', config)));
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
        settle();
        resolve(accept({ socket, ...created }));
      } else if (event?.type === 'error') {
        fail(new HandshakeFailed(sentenceOfError(event, created !== undefined), false));
      }
    });
  });
}

/** @throws HandshakeFailed when the address or the key cannot even be written down */
function connect({ url, apiKey }: Endpoint): WebSocket {
  const options = {
    headers: { authorization: `Bearer ${apiKey}` },
    // Compression costs four times the CPU and 12 ms for audio that does not compress.
    perMessageDeflate: false,
    maxPayload: largestMessageBytes,
    // One odd message is to be ignored; checked, it would close the connection.
    skipUTF8Validation: true,
    // ms that a peer has to hang up after either side said goodbye; until then nobody learns of the end.
    closeTimeout: 2_000,
  };
  try {
    return new WebSocket(url, options);
  } catch (error) {
    const sentence = 'OPENAI_BASE_URL or OPENAI_API_KEY cannot be used for a connection: it is malformed.';
    throw new HandshakeFailed(sentence, false, { cause: error });
  }
}

function sentenceOfError(error: ServerError, isAboutSettings: boolean): string {
  const known = meaningOfError(error.code).sentence;
  if (known !== undefined) return known;
  return isAboutSettings
    ? `OpenAI refused the settings of the session: ${error.message}`
    : `OpenAI refused to open a session: ${error.message}`;
}
