/** What a brain remembers of a call, and what it may do. Wire names end here. */

export type Turn =
  /** What the person said, as far as it was heard; empty for a noise. */
  | { readonly by: 'person'; readonly text: string; readonly sounds: readonly string[] }
  /** What the agent said, cut to what the person can have heard. `intent` is the brain's own word for it. */
  | { readonly by: 'agent'; readonly text: string; readonly intent?: string; readonly isCut: boolean }
  /** The agent was asked to speak and chose not to. */
  | { readonly by: 'quiet' }
  | { readonly by: 'tool-call'; readonly name: string; readonly arguments: string }
  | { readonly by: 'tool-result'; readonly name: string; readonly output: string }
  /** The idle timeout ran out: nobody has said anything. */
  | { readonly by: 'silence' }
  /** Something the client told the agent: a message that it wrote, or the instructions of one response. */
  | { readonly by: 'client'; readonly text: string };

export type Act =
  /** `lastingMs` pads or cuts the audio to that length, in multiples of 20 ms. */
  | { readonly type: 'say'; readonly text: string; readonly intent?: string; readonly lastingMs?: number }
  /** @property audio µ-law, 8 kHz */
  | { readonly type: 'play'; readonly audio: Uint8Array; readonly transcript?: string }
  | {
      readonly type: 'call-tool';
      readonly name: string;
      readonly arguments: Readonly<Record<string, unknown>>;
    }
  /** The response is never finished; only a cancellation ends it. */
  | { readonly type: 'stall' }
  | { readonly type: 'wait'; readonly ms: number }
  | { readonly type: 'fail'; readonly code: string; readonly message: string }
  | { readonly type: 'stop-short'; readonly reason: 'max_output_tokens' | 'content_filter' };

/** What a response has to go by. */
export interface Situation {
  /** The session's instructions. */
  readonly instructions: string;
  /** This response's own instructions, which stand in for the session's. */
  readonly responseInstructions?: string;
  /** The names of the functions offered. */
  readonly tools: readonly string[];
  readonly toolChoice: 'auto' | 'none' | 'required' | { readonly name: string };
  /** Out of band: the person does not hear the answer and the conversation does not remember it. */
  readonly isSideQuestion: boolean;
  readonly dialogue: readonly Turn[];
}

/** Decides what the agent does when a response is due. No acts: it stays quiet. */
export interface Brain {
  /** What it will probably say, so that it can be synthesised while the phone rings; the first thing first. */
  foresees?(instructions: string): readonly string[];
  respond(situation: Situation): readonly Act[] | Promise<readonly Act[]>;
}
