import { objectIn, textIn, type JsonObject } from './json.ts';
import type { SessionConfig } from './session-config.ts';

export interface EchoDifference {
  readonly setting: string;
  readonly asked: string;
  /** Undefined when the echo does not say. */
  readonly got: string | undefined;
  /** The call would be noise: audio of another format played as µ-law. */
  readonly isFatal: boolean;
}

/**
 * Where the settings in force differ from those that were asked for. A model may confirm an update and still
 * run on defaults for a field that it did not take.
 *
 * @param effective the `session` of `session.updated`. A setting it leaves out is a difference, but never a
 *                  fatal one: compatible endpoints echo only in part.
 */
export function echoDifferences(asked: SessionConfig, effective: JsonObject): readonly EchoDifference[] {
  const audio = objectIn(effective, 'audio');
  const input = objectIn(audio, 'input');
  const output = objectIn(audio, 'output');
  const differences: EchoDifference[] = [];
  const compare = (setting: string, wanted: string, got: string | undefined, isFormat: boolean): void => {
    if (got === wanted) return;
    differences.push({ setting, asked: wanted, got, isFatal: isFormat && got !== undefined });
  };
  compare('input format', asked.audio.input.format.type, textIn(objectIn(input, 'format'), 'type'), true);
  compare('output format', asked.audio.output.format.type, textIn(objectIn(output, 'format'), 'type'), true);
  compare('voice', voiceName(asked.audio.output.voice), voiceIn(output), false);
  compare(
    'turn detection',
    asked.audio.input.turn_detection.type,
    textIn(objectIn(input, 'turn_detection'), 'type'),
    false,
  );
  return differences;
}

function voiceName(voice: SessionConfig['audio']['output']['voice']): string {
  return typeof voice === 'string' ? voice : voice.id;
}

function voiceIn(output: JsonObject): string | undefined {
  return textIn(output, 'voice') ?? textIn(objectIn(output, 'voice'), 'id');
}
