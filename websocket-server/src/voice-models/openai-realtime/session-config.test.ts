import { expect, test } from 'vitest';
import { objections } from '../../../test/openai-schema.ts';
import { settings } from '../../../test/openai-side.ts';
import { sessionUpdate } from './client-events.ts';
import { sessionConfig } from './session-config.ts';

const defaults = { voice: 'marin', transcriptionModel: 'gpt-transcribe' };

test('the settings are what the published schema allows, and nothing beyond it', () => {
  for (const voice of [null, 'cedar', 'voice_123']) {
    for (const language of [null, 'de-AT']) {
      const session = sessionConfig({ ...settings, voice, language }, defaults);
      expect(objections(sessionUpdate('session-update', session))).toEqual([]);
    }
  }
  expect(objections({ type: 'session.update', session: { type: 'realtime', voice: 'marin' } })).not.toEqual(
    [],
  );
});

test('audio is µ-law both ways, so that none of it has to be converted', () => {
  const { audio } = sessionConfig(settings, defaults);
  expect(audio.input.format).toEqual({ type: 'audio/pcmu' });
  expect(audio.output.format).toEqual({ type: 'audio/pcmu' });
});

test('nothing is sent that a model without reasoning refuses', () => {
  const session = sessionConfig(settings, defaults);
  expect(session).not.toHaveProperty('reasoning');
  expect(session).not.toHaveProperty('parallel_tool_calls');
  expect(session).not.toHaveProperty('temperature');
});

test("a call's voice goes before the configured one, and a customer's own voice is named by an object", () => {
  const voiceFor = (voice: string | null) =>
    sessionConfig({ ...settings, voice }, defaults).audio.output.voice;
  expect(voiceFor(null)).toBe('marin');
  expect(voiceFor('cedar')).toBe('cedar');
  expect(voiceFor('voice_123')).toEqual({ id: 'voice_123' });
});

test.each([
  ['en', 'en'],
  ['en-US', 'en'],
  ['pt-BR', 'pt'],
  ['zh-Hant-TW', 'zh'],
  ['deu', 'de'],
  ['yue-HK', undefined],
  ['not a language', undefined],
  ['', undefined],
  [null, undefined],
])('of the language %j transcription is told %j', (language, told) => {
  const { transcription } = sessionConfig({ ...settings, language }, defaults).audio.input;
  expect(transcription).toEqual({
    model: 'gpt-transcribe',
    ...(told === undefined ? {} : { language: told }),
  });
});
