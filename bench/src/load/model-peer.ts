import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { Certificate } from '../certificate.ts';
import { ModelSession } from './model-session.ts';
import type { Pacer } from './pacer.ts';
import type { Tally } from './tally.ts';

/** The model's endpoint, for all calls of a run. */
export class ModelPeer {
  readonly #server;
  readonly #sockets: WebSocketServer;
  readonly #sessions = new Set<ModelSession>();
  readonly #isSecure: boolean;

  constructor(
    tally: Tally,
    pacer: Pacer,
    options: { readonly openDelayMs: number; readonly certificate: Certificate | undefined },
  ) {
    const { certificate, openDelayMs } = options;
    this.#isSecure = certificate !== undefined;
    this.#server = certificate === undefined ? createServer() : createTlsServer(certificate);
    this.#sockets = new WebSocketServer({
      noServer: true,
      perMessageDeflate: false,
      skipUTF8Validation: true,
    });
    this.#server.on('upgrade', (request, socket, head) => {
      socket.on('error', () => socket.destroy());
      setTimeout(() => {
        if (socket.destroyed) return;
        this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
          const session = new ModelSession(webSocket, tally, pacer);
          this.#sessions.add(session);
          webSocket.on('close', () => this.#sessions.delete(session));
        });
      }, openDelayMs);
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const { port } = this.#server.address() as AddressInfo;
    return `${this.#isSecure ? 'https' : 'http'}://127.0.0.1:${port}/v1`;
  }

  /** Sessions that the server under test still holds open. */
  get openSessions(): number {
    return this.#sessions.size;
  }

  fallSilent(): void {
    for (const session of this.#sessions) session.fallSilent();
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
