import { ResourceNotFoundError } from '@modelcontextprotocol/server';
import type { McpServer, ServerEvent } from '@modelcontextprotocol/server';
import type { CallControl } from '../../control/call-control.ts';
import { CallNotFound } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import type { CallUpdates } from './call-updates.ts';
import { parseCallUri } from './call-uris.ts';

export interface SubscriptionRooms {
  readonly control: CallControl;
  readonly updates: CallUpdates;
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
  { control, updates, log }: SubscriptionRooms,
): void {
  const subscribed = new Set<string>();
  if (era === 'legacy') {
    server.server.setRequestHandler('resources/subscribe', async ({ params: { uri } }) => {
      await requireCall(uri, control);
      subscribed.add(uri);
      return {};
    });
    server.server.setRequestHandler('resources/unsubscribe', ({ params: { uri } }) => {
      subscribed.delete(uri);
      return {};
    });
  }
  const stop = updates.bus.subscribe((event) => {
    const isWanted = event.kind !== 'resource_updated' || era === 'modern' || subscribed.has(event.uri);
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

/** @throws ResourceNotFoundError for what would never change, since it does not exist */
async function requireCall(uri: string, control: CallControl): Promise<void> {
  const named = parseCallUri(uri);
  if (named === undefined) throw new ResourceNotFoundError(uri);
  try {
    await control.read(named.callId);
  } catch (error) {
    throw error instanceof CallNotFound ? new ResourceNotFoundError(uri) : error;
  }
}
