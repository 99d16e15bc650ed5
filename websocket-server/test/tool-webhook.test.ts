import { expect, onTestFinished, test } from 'vitest';
import { askToolWebhook } from '../src/control/tool-webhook.ts';
import { silentLog } from '../src/lib/log.ts';
import { systemRuntime } from '../src/lib/system-runtime.ts';
import { WebhookReceiver, webhookSecret } from './stories/webhook-receiver.ts';

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
