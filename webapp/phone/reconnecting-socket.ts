import { socketAddress } from '../live/server-address.ts';

export interface SocketListener {
  open(): void;
  text(data: string): void;
  audio(audio: Uint8Array): void;
  /** It is gone; unless the server meant it, it is opened again. */
  lost(): void;
}

export interface ReconnectingSocket {
  /** Dropped while there is no connection. */
  sendText(message: object): void;
  /** Dropped too when the network is slow: late audio is of no use. */
  sendAudio(audio: Uint8Array<ArrayBuffer>): void;
  close(): void;
}

const firstPauseMs = 400;
const longestPauseMs = 8000;
/** What a slow network has not taken; half a second of audio. */
const mostBacklogBytes = 4000;

/** @param path on the server @param reopens whether it is opened again when it is lost */
export function openSocket(path: string, reopens: boolean, listener: SocketListener): ReconnectingSocket {
  let socket: WebSocket | undefined;
  let pause: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;

  function connect(): void {
    const current = new WebSocket(socketAddress(path));
    current.binaryType = 'arraybuffer';
    socket = current;
    current.addEventListener('open', () => {
      if (socket !== current) return;
      failures = 0;
      listener.open();
    });
    current.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) => {
      if (socket !== current) return;
      if (typeof data === 'string') listener.text(data);
      else listener.audio(new Uint8Array(data));
    });
    current.addEventListener('close', () => {
      if (socket !== current) return;
      socket = undefined;
      listener.lost();
      if (!reopens) return;
      const longest = Math.min(longestPauseMs, firstPauseMs * 2 ** failures);
      failures += 1;
      pause = setTimeout(connect, longest / 2 + (Math.random() * longest) / 2);
    });
  }

  connect();
  return {
    sendText(message) {
      if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
    },
    sendAudio(audio) {
      if (socket?.readyState === WebSocket.OPEN && socket.bufferedAmount < mostBacklogBytes)
        socket.send(audio);
    },
    close() {
      clearTimeout(pause);
      const closing = socket;
      socket = undefined;
      closing?.close();
    },
  };
}
