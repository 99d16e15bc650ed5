import { WebSocket } from 'ws';
import type { RawData } from 'ws';
import type { Log } from '../lib/log.ts';

/** What a page may say before its phone is plugged in at the network. */
const mostHeldFrames = 50;
/** Audio that one side does not take: beyond this, what comes is dropped. About 8 s. */
const mostBacklogBytes = 64 * 1024;

/**
 * Joins a page to the simulated phone network, as a phone that somebody holds: frames pass both ways as they are.
 *
 * @param softphoneUrl where the network takes phones, credentials included
 */
export function joinPhone(page: WebSocket, softphoneUrl: string, log: Log): void {
  const network = new WebSocket(softphoneUrl, { perMessageDeflate: false, maxPayload: 64 * 1024 });
  const held: { readonly data: RawData; readonly isBinary: boolean }[] = [];

  page.on('message', (data, isBinary) => {
    if (network.readyState === WebSocket.CONNECTING) {
      if (held.length < mostHeldFrames) held.push({ data, isBinary });
    } else pass(network, data, isBinary);
  });
  network.on('open', () => {
    for (const { data, isBinary } of held.splice(0)) pass(network, data, isBinary);
  });
  network.on('message', (data, isBinary) => pass(page, data, isBinary));
  network.on('error', (err) => log.warn('the simulated phone network took no phone', { err }));
  network.once('close', () => page.close(1011, 'The simulated phone network is gone.'));
  page.once('close', () => network.close());
}

function pass(to: WebSocket, data: RawData, isBinary: boolean): void {
  if (to.readyState !== WebSocket.OPEN) return;
  if (isBinary && to.bufferedAmount > mostBacklogBytes) return;
  to.send(data, { binary: isBinary });
}
