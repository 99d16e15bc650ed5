import { expect, test } from 'vitest';
import { settings } from '../../../test/openai-side.ts';
import type { JsonObject } from './json.ts';
import { sessionConfig } from './session-config.ts';
import { echoDifferences } from './session-echo.ts';

const asked = sessionConfig(settings, { voice: 'marin', transcriptionModel: 'gpt-transcribe' });

function echo(audio: { input?: object; output?: object }): JsonObject {
  return {
    ...asked,
    audio: {
      input: { ...asked.audio.input, ...audio.input },
      output: { ...asked.audio.output, ...audio.output },
    },
  };
}

test('an echo of what was asked for has no differences', () => {
  expect(echoDifferences(asked, echo({}))).toEqual([]);
  const withMore = echo({ output: { format: { type: 'audio/pcmu', rate: 8000 }, speed: 1 } });
  expect(echoDifferences(asked, withMore)).toEqual([]);
});

test('another format in either direction is fatal', () => {
  const pcm = { format: { type: 'audio/pcm', rate: 24000 } };
  expect(echoDifferences(asked, echo({ input: pcm }))).toEqual([
    { setting: 'input format', asked: 'audio/pcmu', got: 'audio/pcm', isFatal: true },
  ]);
  expect(echoDifferences(asked, echo({ output: pcm }))).toEqual([
    { setting: 'output format', asked: 'audio/pcmu', got: 'audio/pcm', isFatal: true },
  ]);
});

test('another voice or turn detection is told, and not fatal', () => {
  expect(
    echoDifferences(
      asked,
      echo({ input: { turn_detection: { type: 'semantic_vad' } }, output: { voice: { id: 'voice_9' } } }),
    ),
  ).toEqual([
    { setting: 'voice', asked: 'marin', got: 'voice_9', isFatal: false },
    { setting: 'turn detection', asked: 'server_vad', got: 'semantic_vad', isFatal: false },
  ]);
});

test('an echo that says nothing is not fatal, whatever its shape', () => {
  for (const effective of [{}, { audio: null }, { audio: { input: 5, output: { format: 'audio/pcm' } } }]) {
    const differences = echoDifferences(asked, effective);
    expect(differences).toHaveLength(4);
    expect(differences.every(({ isFatal, got }) => !isFatal && got === undefined)).toBe(true);
  }
});
