import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { InvalidConfig } from '../lib/config-problems.ts';
import { TelephoneError } from '../lib/errors.ts';

/** Where a server is to listen. */
interface Place {
  readonly host: string;
  readonly port: number;
}

/** The simulated carrier has to know our address before we listen. */
export async function freePort(host: string): Promise<number> {
  const probe = createServer().listen(0, host);
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** What to change when a server cannot listen; any other error as it is. */
export function listenFault(error: unknown, { host, port }: Place): unknown {
  switch (error instanceof Error && 'code' in error && error.code) {
    case 'EADDRINUSE':
      return new TelephoneError(
        'port-in-use',
        `Port ${port} is in use, perhaps by another MCP Telephone. Stop that, or set PORT to another port.`,
      );
    case 'EACCES':
      return new InvalidConfig([
        { variable: 'PORT', message: `This user may not listen on ${port}. Set it to a port above 1023.` },
      ]);
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new InvalidConfig([
        {
          variable: 'HOST',
          message: `This machine has no address "${host}". Set it to 127.0.0.1 for programs on this machine, or to 0.0.0.0 for others too.`,
        },
      ]);
    default:
      return error;
  }
}
