import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { once } from 'node:events';

/** A way to a peer that can stop carrying anything, both ways or its answers alone, without breaking off. */
export class Stallable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Those of them that lead to the peer: what it answers comes out of them. */
  readonly #far = new Set<Socket>();
  #stalled: 'nothing' | 'answers' | 'all' = 'nothing';

  private constructor(server: Server) {
    this.#server = server;
  }

  static async to(port: number): Promise<Stallable> {
    const server = createServer({ allowHalfOpen: true });
    const way = new Stallable(server);
    server.on('connection', (near) => {
      const far = connect(port, '127.0.0.1');
      way.#far.add(far);
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        way.#sockets.add(from);
        from.pipe(to);
        from.on('error', () => to.destroy());
        from.on('close', () => {
          way.#sockets.delete(from);
          way.#far.delete(from);
        });
        if (way.#isStalled(from)) from.pause();
      }
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return way;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  stalls(what: 'answers' | 'all' = 'all'): void {
    this.#stalled = what;
    for (const socket of this.#sockets) if (this.#isStalled(socket)) socket.pause();
  }

  flows(): void {
    this.#stalled = 'nothing';
    for (const socket of this.#sockets) socket.resume();
  }

  /** Whatever is under way is lost; what comes later flows. */
  breaksOff(): void {
    this.#stalled = 'nothing';
    for (const socket of this.#sockets) socket.destroy();
  }

  #isStalled(socket: Socket): boolean {
    return this.#stalled === 'all' || (this.#stalled === 'answers' && this.#far.has(socket));
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
