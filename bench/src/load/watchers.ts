import { once } from 'node:events';
import { WebSocket } from 'ws';

/** Pages that follow all calls live, and read all that they are told. */
export class Watchers {
  readonly #sockets: WebSocket[] = [];

  /** Resolves when all are being told. */
  async open(serverUrl: string, count: number): Promise<void> {
    const url = `${serverUrl.replace(/^http/, 'ws')}/logs`;
    for (let index = 0; index < count; index += 1) {
      const socket = new WebSocket(url, { perMessageDeflate: false, skipUTF8Validation: true });
      socket.on('error', () => {});
      this.#sockets.push(socket);
    }
    await Promise.all(this.#sockets.map((socket) => once(socket, 'open')));
  }

  close(): void {
    for (const socket of this.#sockets) socket.terminate();
  }
}
