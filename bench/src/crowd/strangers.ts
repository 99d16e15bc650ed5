import { once } from 'node:events';
import { connect } from 'node:net';
import { signatureOf } from '../load/account.ts';

// A process of its own: connects to a server, says nothing that leads anywhere, and tells how many it is rid of.

/** What this process tells, each time as one message. */
export interface StrangersNews {
  /** Connected so far, and since then hung up on by the server. */
  readonly arrived: number;
  readonly shed: number;
}

/** A listening socket holds only so many that it has not looked at. */
const partySize = 96;
const newsMs = 50;

const [port = 0, count = 0] = process.argv.slice(2).map(Number);
const host = `Host: 127.0.0.1:${port}\r\n`;
const handshake =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
const signature = signatureOf(`ws://127.0.0.1:${port}/call`);
/** Nothing, half a request, and a signed media stream that never says `start`, in turn. */
const beginnings = [
  '',
  `GET /api/calls HTTP/1.1\r\n${host}X-Slow: `,
  `GET /call HTTP/1.1\r\n${host}${handshake}X-Twilio-Signature: ${signature}\r\n\r\n`,
];
let arrived = 0;
let shed = 0;

async function join(beginning: string): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.on('error', () => undefined);
  socket.once('close', isShed);
  socket.resume();
  await once(socket, 'connect');
  arrived += 1;
  if (beginning !== '') socket.write(beginning);
}

/** The last one gone, nothing is left to wait for. */
function isShed(): void {
  shed += 1;
  if (shed === count) tell(() => process.exit());
}

function tell(done = () => {}): void {
  process.send?.({ arrived, shed } satisfies StrangersNews, done);
}

setInterval(tell, newsMs);
process.once('disconnect', () => process.exit());
for (let begun = 0; begun < count; begun += partySize) {
  const party = Array.from({ length: Math.min(partySize, count - begun) }, (_, nth) =>
    join(beginnings[(begun + nth) % beginnings.length] ?? '').catch(() => undefined),
  );
  await Promise.all(party);
}
