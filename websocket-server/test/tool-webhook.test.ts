import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { askToolWebhook } from '../src/control/tool-webhook.ts';
import { silentLog } from '../src/lib/log.ts';
import { systemRuntime } from '../src/lib/system-runtime.ts';
import { WebhookReceiver, webhookSecret } from './stories/webhook-receiver.ts';

/** @returns the address of a server that is there until the test is over */
async function served(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('a request to an own tool is signed where a secret is set, and only there', async () => {
  const receiver = await new WebhookReceiver().start();
  onTestFinished(() => receiver.stop());
  const answer = { by: 'webhook', url: receiver.url, timeoutSeconds: 5 } as const;
  const request = { callId: 'call_1', toolCallId: 'tool_1', name: 'find_order', arguments: '{"order":"A7"}' };
  const runtime = systemRuntime(silentLog);
  await askToolWebhook(answer, request, runtime, [webhookSecret]);
  await askToolWebhook(answer, request, runtime);
  const [signed, plain] = receiver.received;
  expect(signed?.event()).toMatchObject({
    type: 'tool.called',
    callId: 'call_1',
    arguments: { order: 'A7' },
  });
  expect(signed?.id).toBe('call_1_tool_1');
  expect(plain?.headers['webhook-signature']).toBeUndefined();
});

test('an answer without end is broken off, and its beginning is told as cut', async () => {
  let isClosed: Promise<unknown> | undefined;
  const url = await served((_request, response) => {
    isClosed = once(response, 'close');
    const goOn = () => {
      while (!response.destroyed && response.write('word '.repeat(2000)));
      response.once('drain', goOn);
    };
    goOn();
  });
  const answer = { by: 'webhook', url, timeoutSeconds: 5 } as const;
  const request = { callId: 'call_1', toolCallId: 'tool_1', name: 'find_order', arguments: '{}' };
  const told = await askToolWebhook(answer, request, systemRuntime(silentLog));
  expect(told.slice(0, 8000)).toBe('word '.repeat(1600));
  expect(told.slice(8000)).toMatch(/^ \[.*cut off here.*\]$/u);
  await isClosed;
});

test('an own tool is asked where its server has closed the connection that it answered on', async () => {
  const answeredOn = new WeakSet<object>();
  const url = await served((request, response) => {
    if (answeredOn.has(request.socket)) return request.socket.destroy();
    answeredOn.add(request.socket);
    response.end('Order A7 is on its way.');
  });
  const answer = { by: 'webhook', url, timeoutSeconds: 5 } as const;
  const request = { callId: 'call_1', toolCallId: 'tool_1', name: 'find_order', arguments: '{}' };
  for (let asked = 0; asked < 3; asked += 1) {
    expect(await askToolWebhook(answer, request, systemRuntime(silentLog))).toBe('Order A7 is on its way.');
  }
});
