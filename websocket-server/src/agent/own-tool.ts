import type { VoiceTool } from '../voice-models/voice-model.ts';

/** A tool that the owner gave the agent, besides those that are built in. */
export interface OwnTool extends VoiceTool {
  readonly answer: ToolAnswer;
}

/** Who says what the tool returns. */
export type ToolAnswer =
  /** Our server asks an address, by POST. */
  | { readonly by: 'webhook'; readonly url: string; readonly timeoutSeconds: number }
  /** The owner, as they answer a question of the agent. */
  | { readonly by: 'hand'; readonly patienceSeconds: number }
  /** Nobody: always the same, to try things out. */
  | { readonly by: 'mock'; readonly output: string };

/** What the model may know of a tool. */
export function voiceToolOf({ name, description, parameters }: OwnTool): VoiceTool {
  return { name, description, parameters };
}
