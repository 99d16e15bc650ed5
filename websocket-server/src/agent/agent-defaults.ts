import type { Call } from '../call/call.ts';
import type { VoiceSettings } from '../voice-models/voice-model.ts';
import { agentInstructions } from './agent-instructions.ts';
import type { Honesty } from './agent-instructions.ts';
import { agentToolsFor } from './agent-tools.ts';
import { voiceToolOf, type OwnTool } from './own-tool.ts';

/** How the owner wants the agent in every call; a call's own wishes come after, and win. */
export interface AgentDefaults {
  readonly instructions: string;
  readonly voice: string | null;
  /** BCP 47. */
  readonly language: string | null;
  readonly model: string | null;
  readonly tools: readonly OwnTool[];
}

export const noDefaults: AgentDefaults = {
  instructions: '',
  voice: null,
  language: null,
  model: null,
  tools: [],
};

/** What the voice model is given for one call. */
export function voiceSettingsOf(
  { direction, errand, resumes = null }: Pick<Call, 'direction' | 'errand'> & Partial<Pick<Call, 'resumes'>>,
  defaults: AgentDefaults,
  honesty: Honesty,
): VoiceSettings {
  const instructions = [defaults.instructions, errand.instructions ?? ''].filter((text) => text !== '');
  const language = errand.language ?? defaults.language;
  return {
    instructions: agentInstructions(
      direction,
      { ...errand, instructions: instructions.join('\n\n') || null, language },
      honesty,
      resumes !== null,
    ),
    voice: errand.voice ?? defaults.voice,
    language,
    model: defaults.model,
    tools: [...agentToolsFor(direction, errand.authority), ...defaults.tools.map(voiceToolOf)],
  };
}
