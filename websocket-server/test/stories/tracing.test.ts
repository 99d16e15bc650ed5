import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { openHouse } from '../survival/house.ts';
import type { House } from '../survival/house.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

interface ExportedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
}

/** An OTLP receiver on loopback. */
async function receiver() {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      bodies.push(body);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    text: () => bodies.join('\n'),
    spans: () =>
      bodies.flatMap((body) => {
        const { resourceSpans } = JSON.parse(body) as {
          resourceSpans: { scopeSpans: { spans: ExportedSpan[] }[] }[];
        };
        return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
      }),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

let house: House | undefined;
afterEach(() => house?.close());

test('a call is one trace below that of its client, and carries no number, goal or word', async () => {
  const otlp = await receiver();
  house = await openHouse({ OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url, OTEL_SERVICE_NAME: 'front-desk' });
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  const answer = await fetch(`${house.server.url}/api/calls`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
    },
    body: JSON.stringify({ to: '+14155550188', goal: 'Order a marzipan cake for Tuesday' }),
  });
  const { call } = (await answer.json()) as { call: { callId: string } };
  await house.until(call.callId, (reading) => reading.call.state === 'completed', 60_000);
  expect(await house.server.ends('SIGTERM')).toBe(0);
  const spans = otlp.spans();
  await otlp.close();
  expect(new Set(spans.map((span) => span.traceId))).toEqual(new Set([traceId]));
  const roots = spans.filter(({ parentSpanId }) => parentSpanId === '00f067aa0ba902b7');
  expect(roots.map(({ name }) => name)).toEqual(['call']);
  expect(spans.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['dialing', 'ringing', 'on the line']),
  );
  expect(otlp.text()).toContain('front-desk');
  expect(otlp.text()).toContain(call.callId);
  expect(otlp.text()).not.toMatch(/14155550188|marzipan|cake/u);
});
