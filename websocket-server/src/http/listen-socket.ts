import type { WebSocket } from 'ws';
import type { CallControl, ListeningIn } from '../control/call-control.ts';
import { chunkOfBase64 } from '../lib/chunk.ts';
import type { Chunk } from '../lib/chunk.ts';
import { TelephoneError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import type { Clock } from '../lib/runtime.ts';
import { NewestKept } from './newest-kept.ts';

/** What a listener is told, as JSON; audio comes in binary frames: a byte for who (0 person, 1 agent), then µ-law. */
export type ListenFrame =
  | { readonly type: 'listening' }
  /** The agent's audio that was told and is not heard yet is dropped. */
  | { readonly type: 'clear' }
  | { readonly type: 'taken-over' }
  | { readonly type: 'given-back' }
  | { readonly type: 'refused'; readonly message: string }
  | { readonly type: 'ended' };

/** A microphone brings what real time brings, but for what a slow network held back. */
const mostAheadMs = 1000;
const bytesPerMs = 8;
const cannotTakeOver =
  'This call cannot be taken over now: somebody else has it, or the agent is not talking.';

/**
 * Lets a page hear a live call, and talk in it in the agent's place: it says `{"type":"take-over"}`, sends µ-law of
 * 8 kHz as binary frames, and `{"type":"give-back"}`.
 *
 * Close codes: 1000 when the call is over, 1008 when there is none to listen to.
 *
 * @param url path and query with `callId`
 * @param world `noted` is told of what they did, once they did it
 */
export async function listenIn(
  socket: WebSocket,
  url: string,
  control: CallControl,
  {
    clock,
    log,
    noted,
  }: { readonly clock: Clock; readonly log: Log; readonly noted: (action: string) => void },
): Promise<void> {
  const callId = new URLSearchParams(url.split('?').slice(1).join('?')).get('callId') ?? '';
  const tell = (frame: ListenFrame): void => socket.send(JSON.stringify(frame));
  const sound = new NewestKept(socket);
  const end = (): void => {
    tell({ type: 'ended' });
    socket.close(1000);
  };
  let listening: ListeningIn;
  try {
    listening = await control.listen(
      callId,
      {
        audio: (from, chunk) => sound.send(from === 'person' ? 0 : 1, chunk),
        cleared: () => {
          sound.drop(1);
          tell({ type: 'clear' });
        },
        gaveBack: () => tell({ type: 'given-back' }),
      },
      end,
    );
  } catch (error) {
    if (error instanceof TelephoneError) return socket.close(1008, error.message.slice(0, 120));
    log.error('listening in failed', { err: error });
    return socket.close(1011, 'The server failed.');
  }
  socket.once('close', () => listening.stop());
  if (socket.readyState !== socket.OPEN) return listening.stop();

  let tookOverAt = 0;
  let spokenMs = 0;
  const take = (): void => {
    if (!listening.takeOver()) return tell({ type: 'refused', message: cannotTakeOver });
    noted('call-taken-over');
    tookOverAt = clock.elapsed();
    spokenMs = 0;
    tell({ type: 'taken-over' });
  };
  socket.on('message', (data: Buffer, isBinary) => {
    if (isBinary) {
      const ms = data.length / bytesPerMs;
      if (spokenMs + ms > clock.elapsed() - tookOverAt + mostAheadMs) return;
      spokenMs += ms;
      return listening.speak(chunkOf(data));
    }
    switch (wishIn(data.toString('utf8'))) {
      case 'take-over':
        return take();
      case 'give-back':
        return listening.giveBack();
    }
  });
  noted('call-listened-to');
  tell({ type: 'listening' });
}

function chunkOf(audio: Buffer): Chunk {
  return chunkOfBase64(Buffer.from(audio.toString('base64'), 'latin1'));
}

function wishIn(text: string): unknown {
  try {
    const message: unknown = JSON.parse(text);
    return typeof message === 'object' && message !== null && 'type' in message ? message.type : undefined;
  } catch {
    return undefined;
  }
}
