import type { McpServer, ServerEvent, ServerEventBus } from '@modelcontextprotocol/server';
import type { CallControl } from '../../control/call-control.ts';
import type { Log } from '../../lib/log.ts';
import { namedCall } from './named-call.ts';

export interface SubscriptionRooms {
  readonly control: CallControl;
  /** Tells which resources have changed. */
  readonly bus: ServerEventBus;
  readonly log: Log;
}

/**
 * Lets a server that serves one lasting connection tell its client of changed resources, until it closes.
 *
 * A 2025 client names each resource by `resources/subscribe`, and this keeps the list. A 2026-07-28 client names
 * them in `subscriptions/listen`, and the connection picks what it asked for out of everything.
 *
 * @param server not connected yet
 */
export function serveSubscriptions(
  server: McpServer,
  era: 'legacy' | 'modern',
  { control, bus, log }: SubscriptionRooms,
): void {
  const subscribed = new Set<string>();
  if (era === 'legacy') {
    server.server.setRequestHandler('resources/subscribe', async ({ params: { uri } }) => {
      // Only calls change, and one that does not exist never will: better a refusal than silence.
      if (uri.startsWith('call:')) {
        await namedCall(uri, control);
        subscribed.add(uri);
      }
      return {};
    });
    server.server.setRequestHandler('resources/unsubscribe', ({ params: { uri } }) => {
      subscribed.delete(uri);
      return {};
    });
  }
  const stop = bus.subscribe((event) => {
    const isWanted = era === 'modern' || (event.kind === 'resource_updated' && subscribed.has(event.uri));
    if (!isWanted || !server.isConnected()) return;
    tell(server, event).catch((err: unknown) => log.debug('mcp update not delivered', { err }));
  });
  const { onclose } = server.server;
  server.server.onclose = () => {
    stop();
    onclose?.();
  };
}

async function tell(server: McpServer, event: ServerEvent): Promise<void> {
  if (event.kind === 'resource_updated') await server.server.sendResourceUpdated({ uri: event.uri });
  else if (event.kind === 'resources_list_changed') await server.server.sendResourceListChanged();
}
