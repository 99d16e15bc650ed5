import { expect, test } from 'vitest';
import type { Settings } from '../../live/settings-api.ts';
import { draftOf, parsedJson, settingsOf } from './settings-draft.ts';
import { toolTemplates } from './tool-templates.ts';

const settings: Settings = {
  phoneNumber: null,
  instructions: 'Be brief.',
  voice: 'cedar',
  language: null,
  model: null,
  inbound: { goal: 'Take orders', instructions: null },
  tools: toolTemplates.map(({ tool }) => tool),
};

test('settings survive being typed', () => {
  expect(settingsOf(draftOf(settings))).toEqual({ settings });
});

test('a schema that is no JSON is told at its field, and nothing is sent', () => {
  const draft = draftOf(settings);
  const tools = draft.tools.map((tool, index) => (index === 1 ? { ...tool, parameters: '{\n"a": }' } : tool));
  expect(settingsOf({ ...draft, tools })).toEqual({
    problems: { 'tools.1.parameters': expect.stringContaining('not JSON') },
  });
});

test('where a text stops being JSON is told by its line', () => {
  expect(parsedJson('{\n"a": 1,\n}').problem).toContain('in line 3');
  expect(parsedJson('{}')).toEqual({ value: {} });
});
