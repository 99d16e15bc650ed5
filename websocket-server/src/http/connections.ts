import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { ClientAddresses } from '../lib/client-addresses.ts';
import type { RefusalCount } from './refusal-count.ts';

export interface ConnectionLimits {
  readonly total: number;
  readonly perAddress: number;
}

/**
 * Keeps every open connection, those too that HTTP forgets because they became WebSockets, and cuts off what comes
 * beyond the limits before a byte of it is read. Proxies carry everybody's connections, so only the total holds
 * for them.
 *
 * @returns the open connections
 */
export function limitConnections(
  server: Server,
  limits: ConnectionLimits,
  addresses: ClientAddresses,
  refusals: RefusalCount,
): ReadonlySet<Socket> {
  const open = new Set<Socket>();
  const openByAddress = new Map<string, number>();
  server.maxConnections = limits.total;
  server.on('drop', () => refusals.note('connection', 'too-many-connections'));
  // First of all listeners: a socket that is destroyed here is never looked at.
  server.prependListener('connection', (socket: Socket) => {
    // A request that is served anew without its offer to upgrade comes with a connection that is known.
    if (open.has(socket)) return;
    const { remoteAddress = '' } = socket;
    const address = addresses.of(remoteAddress, undefined);
    const count = (openByAddress.get(address) ?? 0) + 1;
    if (count > limits.perAddress && !addresses.isProxy(remoteAddress)) {
      refusals.note('connection', 'too-many-connections-of-address');
      socket.destroy();
      return;
    }
    open.add(socket);
    openByAddress.set(address, count);
    socket.once('close', () => {
      open.delete(socket);
      const left = (openByAddress.get(address) ?? 1) - 1;
      if (left === 0) openByAddress.delete(address);
      else openByAddress.set(address, left);
    });
  });
  return open;
}
