import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { signatureHeaders } from '../src/lib/webhook-signature.ts';
import { freePort } from './stories/free-port.ts';

const guide = path.resolve(import.meta.dirname, '../../docs/guides/webhooks.md');
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

test(
  'the receiver in the guide takes what is ours, and refuses what is not',
  { timeout: 60_000 },
  async () => {
    const [, receiver = ''] = /^```js\n(.*?)^```/ms.exec(readFileSync(guide, 'utf8')) ?? [];
    const port = await freePort();
    const child = spawn(process.execPath, ['--input-type=module', '--eval', receiver], {
      cwd: import.meta.dirname,
      env: { PATH: process.env['PATH'] ?? '', PORT: String(port), EVENTS_WEBHOOK_SECRET: secret },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill());
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const post = async (sent: string, signed = sent, at = Date.now()) => {
      const headers = signatureHeaders([secret], 'call_1_7', at, signed);
      const url = `http://127.0.0.1:${port}/`;
      return (await fetch(url, { method: 'POST', headers, body: sent })).status;
    };
    const body = JSON.stringify({
      type: 'call.ended',
      timestamp: '2030-01-01T00:00:00Z',
      data: { callId: 'call_1' },
    });
    await expect.poll(() => post(body).catch(() => 0), { timeout: 30_000 }).toBe(204);
    expect((await lines.next()).value).toMatch(/^call\.ended .*call_1/u);
    expect(await post(body.replace('call_1', 'call_2'), body)).toBe(400);
    expect(await post(body, body, Date.now() - 3_600_000)).toBe(400);
  },
);
