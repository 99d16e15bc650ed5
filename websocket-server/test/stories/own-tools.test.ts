import { callsTool, says, scripted } from '@mcp-telephone/simulator';
import { afterAll, beforeAll, expect } from 'vitest';
import { restServer } from '../twilio-side.ts';
import { setStage } from './stage.ts';
import type { StagedCall } from './staged-call.ts';

/** Tools that the owner gives the agent in the settings, used in whole calls. */

const { stage, story } = setStage();

const parameters = { type: 'object', properties: { order: { type: 'string' } }, required: ['order'] };

async function giveTools(tools: readonly object[], applyTo = 'next', instructions = ''): Promise<void> {
  const address = `${stage().url}/api/settings`;
  const { version } = (await (await fetch(address)).json()) as { version: number };
  const response = await fetch(address, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ version, settings: { tools, instructions }, applyTo }),
  });
  expect(response.status).toBe(200);
}

const usingAgent = (name: string) =>
  scripted(
    [says('Hello, which order is it?')],
    [callsTool(name, { order: 'A7' })],
    [says('Thank you, goodbye.'), callsTool('end_call', { reason: 'done' })],
  );

async function letUse(call: StagedCall): Promise<void> {
  await call.connected();
  await call.person.hears({ words: /order/ });
  await call.reaches('turn-ended');
  await call.person.says('Number A seven.');
}

const toolAnswered = (call: StagedCall) => call.reaches('tool-answered');

const orders = await restServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"state":"shipped"}');
});
const broken = await restServer((_request, response) => response.writeHead(500).end());
afterAll(() => Promise.all([orders.stop(), broken.stop()]));

beforeAll(async () => {
  const answers = {
    find_known: { by: 'mock', output: 'It is on its way.' },
    find_there: { by: 'webhook', url: `${orders.baseUrl}/find`, timeoutSeconds: 5 },
    find_broken: { by: 'webhook', url: broken.baseUrl, timeoutSeconds: 5 },
    find_by_hand: { by: 'hand', patienceSeconds: 60 },
  };
  const tools = Object.entries(answers).map(([name, answer]) => ({ name, parameters, answer }));
  await giveTools(tools.map((tool) => ({ ...tool, description: 'Finds an order.' })));
});

story.concurrent('a tool with a fixed answer is answered at once', async ({ place }) => {
  const call = await place({ agent: usingAgent('find_known') });
  await letUse(call);
  expect(await toolAnswered(call)).toMatchObject({ output: 'It is on its way.' });
});

story.concurrent(
  'a tool with an address gets its answer from there, with the call’s id',
  async ({ place }) => {
    const call = await place({ agent: usingAgent('find_there') });
    await letUse(call);
    expect(await toolAnswered(call)).toMatchObject({ output: '{"state":"shipped"}' });
    const [body = ''] = [...(orders.requests[0]?.form.keys() ?? [])];
    expect(orders.requests[0]).toMatchObject({ method: 'POST', path: '/find' });
    expect(body).toContain(call.callId);
  },
);

story.concurrent('an address that fails is told to the agent, and the call goes on', async ({ place }) => {
  const call = await place({ agent: usingAgent('find_broken') });
  await letUse(call);
  expect(await toolAnswered(call)).toMatchObject({
    output: expect.stringContaining('The tool failed (HTTP status 500)'),
  });
  await call.person.hears({ words: /goodbye/ });
});

story.concurrent(
  'a tool by hand asks its owner, whose answer is what the tool returns',
  async ({ place }) => {
    const call = await place({ agent: usingAgent('find_by_hand') });
    await letUse(call);
    const { questionId, question } = await call.reaches('question-asked');
    expect(question).toContain('find_by_hand');
    const address = `${stage().url}/api/calls/${call.callId}/answer`;
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ questionId, answer: 'Shipped on Monday.' }),
    });
    expect(await response.json()).toEqual({ accepted: true });
    expect(await toolAnswered(call)).toMatchObject({ output: 'Shipped on Monday.' });
  },
);

story(
  'a call that is up gets new tools and instructions when that is asked for, and not before',
  async ({ place }) => {
    await giveTools([]);
    const call = await place({ agent: usingAgent('find_order') });
    await call.connected();
    await call.person.hears({ words: /order/ });
    await giveTools([], 'next', 'Speak of nothing but ships.');
    const answer = { by: 'mock', output: 'Known by now.' };
    const tool = { name: 'find_order', description: 'Finds an order.', parameters, answer };
    expect(call.model.settings.instructions).not.toContain('ships');
    await giveTools([tool], 'live', 'Speak of nothing but boats.');
    await call.reaches('turn-ended');
    await call.person.says('Number A seven.');
    expect(await toolAnswered(call)).toMatchObject({ output: 'Known by now.' });
    expect(call.model.settings.instructions).toContain('boats');
    expect(call.model.settings.instructions).not.toContain('ships');
    await giveTools([]);
  },
);
