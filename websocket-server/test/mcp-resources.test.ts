import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { endReason } from '../src/call/end-reason.ts';
import { openMcpHouse } from './fakes/mcp-house.ts';
import type { McpHouse } from './fakes/mcp-house.ts';
import { openMcpUser } from './fakes/mcp-user.ts';
import type { McpUser } from './fakes/mcp-user.ts';
import { answerOf, both, modern, openSession, post, rpc } from './fakes/mcp-wire.ts';

const errand = { to: '+14155550102', goal: 'Book a table for two' };
const reportUri = 'call://call_1';
const transcriptUri = 'call://call_1/transcript';

let house: McpHouse;
let user: McpUser;
beforeEach(async () => {
  house = await openMcpHouse();
  user = await openMcpUser(house.url);
  await house.control.place(errand);
});
afterEach(async () => {
  await user.client.close();
  await house.close();
});

function talk(): void {
  const { control } = house;
  control.happens('call_1', { type: 'call-answered' });
  control.says('call_1', 'person', 'Luigi, good evening');
  control.says('call_1', 'agent', 'A table for two, please', true);
}

async function textsOf(uri: string): Promise<(string | undefined)[]> {
  const { contents } = await user.client.readResource({ uri });
  return contents.map((part) => ('text' in part ? part.text : undefined));
}

describe('the list of resources', () => {
  test('shows both parts of each call, the newest call first', async () => {
    await house.control.place({ ...errand, to: '+14155550103' });
    const { resources } = await user.client.listResources();
    expect(resources.map(({ uri }) => uri)).toEqual([
      'call://call_2',
      'call://call_2/transcript',
      reportUri,
      transcriptUri,
    ]);
    expect(resources[0]).toMatchObject({
      title: 'Call to +14155550103',
      description: expect.stringContaining('Book a table for two'),
      mimeType: 'application/json',
    });
  });

  test('has a template for each part, and call ids complete', async () => {
    const { resourceTemplates } = await user.client.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
      'call://{callId}',
      'call://{callId}/transcript',
    ]);
    const complete = async (value: string) => {
      const ref = { type: 'ref/resource', uri: 'call://{callId}/transcript' } as const;
      return (await user.client.complete({ ref, argument: { name: 'callId', value } })).completion.values;
    };
    expect(await complete('call')).toEqual(['call_1']);
    expect(await complete('other')).toEqual([]);
  });
});

describe('reading', () => {
  test('a call gives what its status gives', async () => {
    talk();
    const [text] = await textsOf(reportUri);
    expect(JSON.parse(text ?? '')).toEqual(await user.resultOf('telephony_status', { callId: 'call_1' }));
  });

  test('a transcript gives JSON, and text to read', async () => {
    talk();
    const [json, readable] = await textsOf(transcriptUri);
    const { transcript } = await user.resultOf('telephony_transcript', { callId: 'call_1' });
    expect(JSON.parse(json ?? '')).toMatchObject({ callId: 'call_1', state: 'connected', transcript });
    expect(readable).toBe('Person: Luigi, good evening\nAgent: A table for two, please —');
    house.control.ends('call_1', 'completed', endReason('person', 'hung_up'));
    expect((await textsOf(transcriptUri))[1]).toContain('\n(The person hung up.)');
  });

  test('what nobody has said yet says so', async () => {
    expect((await textsOf(transcriptUri))[1]).toBe('(Nothing has been said yet.)');
  });

  test('a live call may not be cached, one that ended may be, privately', async () => {
    const hintsOf = async () => {
      const { body, headers } = modern('resources/read', { uri: transcriptUri });
      const answer = await answerOf(
        await post(house.url, body, { ...headers, accept: both, 'mcp-name': transcriptUri }),
      );
      return answer.result;
    };
    expect(await hintsOf()).toMatchObject({ ttlMs: 0, cacheScope: 'private' });
    house.control.ends('call_1', 'failed', endReason('carrier', 'busy'));
    expect(await hintsOf()).toMatchObject({ ttlMs: 300_000, cacheScope: 'private' });
  });

  test.each([
    'call://call_9',
    'call://call_9/transcript',
    'call://call_1/audio',
    'call://',
    'file:///etc/hosts',
  ])('%s is not found', async (uri) => {
    await expect(user.client.readResource({ uri })).rejects.toMatchObject({ code: -32602 });
  });
});

describe('placing a call and asking for its status', () => {
  test.each([
    ['telephony_call', errand, 'call://call_2/transcript'],
    ['telephony_status', { callId: 'call_1' }, transcriptUri],
  ])('%s points to the transcript', async (name, args, uri) => {
    const { content } = await user.client.callTool({ name, arguments: args });
    expect(content).toMatchObject([{ type: 'text' }, { type: 'resource_link', uri }]);
  });

  test.each(['2024-11-05', '2025-03-26'])(
    'has no link for a client of %s, which knows none',
    async (revision) => {
      const headers = { accept: both, 'mcp-session-id': await openSession(house.url, revision) };
      const params = { name: 'telephony_status', arguments: { callId: 'call_1' } };
      expect(await (await post(house.url, rpc('tools/call', params), headers)).text()).not.toContain(
        'resource_link',
      );
    },
  );

  test('has no link after a dry run', async () => {
    const args = { ...errand, dryRun: true };
    const { content } = await user.client.callTool({ name: 'telephony_call', arguments: args });
    expect(content).toHaveLength(1);
  });
});
