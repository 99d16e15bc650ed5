import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { Client, serve } from './http-fakes.ts';

test('closing says goodbye on every socket and takes no more connections', async () => {
  const { url, port, close } = await serve();
  const clients = ['/logs', '/mcp/ws', '/call'].map((path) => new Client(url + path));
  await Promise.all(clients.map((client) => once(client.socket, 'open')));
  const goodbyes = clients.map((client) => client.closed());
  await close();
  expect((await Promise.all(goodbyes)).map(({ code }) => code)).toEqual([1001, 1001, 1001]);
  const late = connect(port, '127.0.0.1');
  const [error] = await once(late, 'error');
  expect(error).toMatchObject({ code: 'ECONNREFUSED' });
});

test('closing is done within seconds although peers answer nothing', async () => {
  let ask = (): void => {};
  const asked = new Promise<void>((resolve) => (ask = resolve));
  const { url, port, close } = await serve(
    {},
    {
      mcp: {
        handleHttp: async () => ask(),
        acceptWebSocket() {},
      },
    },
  );
  const deaf = new Client(`${url}/logs`);
  await deaf.received(1);
  deaf.socket.pause();
  const idle = connect(port, '127.0.0.1');
  await once(idle, 'connect');
  const unanswered = fetch(`${url}/mcp`).then(
    () => 'answered',
    () => 'cut off',
  );
  await asked;
  const began = performance.now();
  await close();
  expect(performance.now() - began).toBeLessThan(4000);
  expect(await unanswered).toBe('cut off');
  deaf.socket.terminate();
  idle.destroy();
});

test('two servers live in one process, and one goes on when the other closes', async () => {
  const [first, second] = await Promise.all([serve(), serve()]);
  await first.close();
  expect((await fetch(`${second.url}/metrics`)).status).toBe(200);
  await second.close();
});

test('a port in use is a failure to listen', async () => {
  const first = await serve();
  await expect(serve({ PORT: String(first.port) })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await first.close();
});
