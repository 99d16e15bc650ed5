import { expect, test } from 'vitest';
import { objections } from '../../../test/openai-schema.ts';
import { reportOutcome, settings } from '../../../test/openai-side.ts';
import {
  appendEnd,
  appendStart,
  itemDelete,
  itemTruncate,
  requestIdOf,
  responseCancel,
  responseCreate,
  textItemCreate,
  toolOutputCreate,
} from './client-events.ts';

const aside = { requestId: 'r1', aside: { tool: 'report_outcome' } };

test.each([
  ['a cut', itemTruncate('e1', 'item_1', 1500)],
  ['a cut at a fraction', itemTruncate('e1', 'item_1', 1500.6)],
  ['a cut at no number', itemTruncate('e1', 'item_1', Number.NaN)],
  ['a deletion', itemDelete('e1', 'item_1')],
  ['a cancellation', responseCancel('e1', 'resp_1')],
  ['a cancellation of whatever is active', responseCancel('e1', undefined)],
  ["the person's text", textItemCreate('e1', 'person', 'Pressed 1')],
  ["the system's text", textItemCreate('e1', 'system', 'Be brief')],
  ["a tool's answer", toolOutputCreate('e1', 'call_1', '{"ok":true}')],
  ['a request', responseCreate({ requestId: 'r1' }, settings)],
  ['a request with instructions', responseCreate({ requestId: 'r1', instructions: 'Greet.' }, settings)],
  ['a request on the side', responseCreate(aside, settings)],
  ['a request on the side for an unknown tool', responseCreate({ ...aside, aside: { tool: 'x' } }, settings)],
  ['audio', JSON.parse(`${appendStart.toString()}${'/'.repeat(216)}${appendEnd.toString()}`) as unknown],
])('%s is what the published schema allows', (_, message) => {
  expect(objections(message)).toEqual([]);
});

test('a cut is a whole number of ms, and never negative', () => {
  expect(itemTruncate('e1', 'item_1', 1500.9).audio_end_ms).toBe(1500);
  expect(itemTruncate('e1', 'item_1', -3).audio_end_ms).toBe(0);
  expect(itemTruncate('e1', 'item_1', Number.NaN).audio_end_ms).toBe(0);
});

test("instructions for one response repeat the session's, which they would replace", () => {
  expect(responseCreate({ requestId: 'r1', instructions: 'Greet first.' }, settings)).toEqual({
    event_id: 'response:r1',
    type: 'response.create',
    response: { instructions: `${settings.instructions}\n\nGreet first.` },
  });
});

test('a plain request changes nothing about the response', () => {
  expect(responseCreate({ requestId: 'r1' }, settings)).toEqual({
    event_id: 'response:r1',
    type: 'response.create',
  });
});

test('a request on the side is silent, leaves the conversation as it is and must use its tool', () => {
  expect(responseCreate(aside, settings)).toEqual({
    event_id: 'response:r1',
    type: 'response.create',
    response: {
      conversation: 'none',
      output_modalities: ['text'],
      metadata: { request_id: 'r1' },
      tools: [{ type: 'function', ...reportOutcome }],
      tool_choice: { type: 'function', name: 'report_outcome' },
    },
  });
});

test("an error's event id leads back to the request, and to nothing else", () => {
  expect(requestIdOf(responseCreate({ requestId: 'r1' }, settings).event_id)).toBe('r1');
  expect(requestIdOf('truncate:1')).toBeUndefined();
});
