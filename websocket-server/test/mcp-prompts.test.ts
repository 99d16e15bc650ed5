import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openMcpHouse } from './fakes/mcp-house.ts';
import type { McpHouse } from './fakes/mcp-house.ts';
import { openMcpUser } from './fakes/mcp-user.ts';
import type { McpUser } from './fakes/mcp-user.ts';
import { answerOf, post, rpc } from './fakes/mcp-wire.ts';

let house: McpHouse;
let user: McpUser;
beforeEach(async () => {
  house = await openMcpHouse();
  user = await openMcpUser(house.url);
});
afterEach(async () => {
  await user.client.close();
  await house.close();
});

const number = '+14155550102';
const full: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  book_table: { phone_number: number, party_size: '4', date: 'Friday', time: '7 pm', name: 'Smith' },
  check_stock: { item: 'a blue kettle', phone_numbers: `${number}, +14155550103` },
  cancel_subscription: { company: 'Example Gym', phone_number: number, name: 'Ann Smith' },
  confirm_appointment: { phone_number: number, name: 'Ann Smith', appointment: 'check-up, 3 June, 9:00' },
  wait_on_hold: { phone_number: number, purpose: 'ask when the parcel comes' },
};

async function messageOf(name: string, args: Readonly<Record<string, string>>): Promise<string> {
  const { messages } = await user.client.getPrompt({ name, arguments: { ...args } });
  expect(messages).toMatchObject([{ role: 'user', content: { type: 'text' } }]);
  const [message] = messages;
  return message?.content.type === 'text' ? message.content.text : '';
}

/** The arguments that a message proposes. */
function proposed(message: string): Record<string, unknown> {
  return JSON.parse(/```json\n(.*)\n```/s.exec(message)?.[1] ?? '');
}

test('there is one prompt for each common errand, and each says what it needs', async () => {
  const { prompts } = await user.client.listPrompts();
  expect(prompts.map(({ name }) => name)).toEqual(Object.keys(full));
  for (const prompt of prompts) {
    expect(prompt.title).toBeTruthy();
    expect(prompt.icons).toHaveLength(1);
    const needed = prompt.arguments?.filter(({ required }) => required).map(({ name }) => name);
    expect(needed).toEqual(Object.keys(full[prompt.name] ?? {}));
    for (const argument of prompt.arguments ?? []) expect(argument.description).toBeTruthy();
  }
});

describe.each(Object.entries(full))('%s', (name, args) => {
  test('proposes a call that the tool takes, with everything that was said', async () => {
    const message = await messageOf(name, args);
    await expect(
      user.resultOf('telephony_call', { ...proposed(message), dryRun: true }),
    ).resolves.toBeTruthy();
    for (const value of Object.values(args)) expect(message).toContain(value);
  });

  test('leads to the end of the call, and to the truth', async () => {
    const message = await messageOf(name, args);
    expect(message).toContain('telephony_wait');
    expect(message).toContain('not_established');
    expect(message).not.toContain('undefined');
  });

  test('treats fields that a client sends empty as left out', async () => {
    const { prompts } = await user.client.listPrompts();
    const names = prompts.find((prompt) => prompt.name === name)?.arguments ?? [];
    const empty = Object.fromEntries(names.map((argument) => [argument.name, args[argument.name] ?? '']));
    expect(await messageOf(name, empty)).toBe(await messageOf(name, args));
  });
});

test('a missing argument is named', async () => {
  const { name: _left, ...rest } = full['book_table'] ?? {};
  await expect(messageOf('book_table', rest)).rejects.toMatchObject({
    code: -32602,
    message: expect.stringMatching(/book_table: name: /),
  });
});

test('waiting on hold may take long, within reason', async () => {
  const limitFor = async (minutes: string) => {
    const args = { ...full['wait_on_hold'], longest_wait_minutes: minutes };
    return proposed(await messageOf('wait_on_hold', args))['timeoutSec'];
  };
  expect(await limitFor('')).toBe(45 * 60);
  expect(await limitFor('90')).toBe(90 * 60);
  expect(await limitFor('99999')).toBe(240 * 60);
  expect(await limitFor('as long as it takes')).toBe(45 * 60);
});

test('phone numbers complete from those called lately, each once', async () => {
  for (const to of [number, '+442079460000', number]) await house.control.place({ to, goal: 'Ask' });
  const complete = async (value: string) => {
    const ref = { type: 'ref/prompt', name: 'book_table' } as const;
    return (await user.client.complete({ ref, argument: { name: 'phone_number', value } })).completion.values;
  };
  expect(await complete('')).toEqual([number, '+442079460000']);
  expect(await complete('+44')).toEqual(['+442079460000']);
});

test('a client that is shown dots reads dots', async () => {
  const params = { name: 'book_table', arguments: full['book_table'] };
  const { result } = await answerOf(await post(house.url, rpc('prompts/get', params)));
  expect(JSON.stringify(result)).toContain('telephony.call');
});
