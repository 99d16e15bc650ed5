/** The OpenAI Realtime wire (GA), as far as a simulated peer reads and writes it. */

export interface AudioFormat {
  readonly type: 'audio/pcm' | 'audio/pcmu' | 'audio/pcma';
  readonly rate?: 24000;
}

export interface ServerVad {
  readonly type: 'server_vad';
  /** 0 to 1; higher needs louder speech. */
  readonly threshold: number;
  readonly prefix_padding_ms: number;
  readonly silence_duration_ms: number;
  readonly idle_timeout_ms: number | null;
  readonly create_response: boolean;
  readonly interrupt_response: boolean;
}

export interface SemanticVad {
  readonly type: 'semantic_vad';
  readonly eagerness: 'low' | 'medium' | 'high' | 'auto';
  readonly create_response: boolean;
  readonly interrupt_response: boolean;
}

export type TurnDetection = ServerVad | SemanticVad;

export interface FunctionTool {
  readonly type: 'function';
  readonly name: string;
  readonly description?: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** A tool that OpenAI's side would call; the simulator accepts it and never does. */
export interface RemoteTool {
  readonly type: 'mcp';
  readonly server_label: string;
}

export type Tool = FunctionTool | RemoteTool;

export type ToolChoice =
  'auto' | 'none' | 'required' | { readonly type: 'function' | 'mcp'; readonly name?: string };

/** The settings in force, every default filled in, shaped as `session.created` and `session.updated` tell them. */
export interface SessionSettings {
  readonly type: 'realtime';
  readonly object: 'realtime.session';
  readonly id: string;
  readonly model: string;
  /** Unix seconds. */
  readonly expires_at: number;
  readonly output_modalities: readonly ('audio' | 'text')[];
  readonly instructions: string;
  readonly audio: {
    readonly input: {
      readonly format: AudioFormat;
      readonly transcription: Readonly<Record<string, unknown>> | null;
      readonly noise_reduction: Readonly<Record<string, unknown>> | null;
      readonly turn_detection: TurnDetection | null;
    };
    readonly output: {
      readonly format: AudioFormat;
      readonly voice: string | { readonly id: string };
      readonly speed: number;
    };
  };
  readonly include: readonly string[] | null;
  readonly tracing: unknown;
  readonly tools: readonly Tool[];
  readonly tool_choice: ToolChoice;
  readonly parallel_tool_calls?: boolean;
  readonly reasoning?: { readonly effort: string };
  readonly max_output_tokens: number | 'inf';
  readonly truncation: unknown;
  readonly prompt: unknown;
}

export type ItemStatus = 'completed' | 'incomplete' | 'in_progress';

export interface ContentPart {
  readonly type: string;
  readonly text?: string;
  readonly transcript?: string | null;
}

export interface MessageItem {
  readonly id: string;
  readonly object: 'realtime.item';
  readonly type: 'message';
  readonly status: ItemStatus;
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: readonly ContentPart[];
}

export interface FunctionCallItem {
  readonly id: string;
  readonly object: 'realtime.item';
  readonly type: 'function_call';
  readonly status: ItemStatus;
  readonly call_id: string;
  readonly name: string;
  readonly arguments: string;
}

export interface FunctionCallOutputItem {
  readonly id: string;
  readonly object: 'realtime.item';
  readonly type: 'function_call_output';
  readonly status: ItemStatus;
  readonly call_id: string;
  readonly output: string;
}

export type Item = MessageItem | FunctionCallItem | FunctionCallOutputItem;

/** An item as a client writes it: the id may be left to the server. */
export type ItemDraft =
  | (Omit<MessageItem, 'id' | 'object' | 'status'> & { readonly id?: string })
  | (Omit<FunctionCallItem, 'id' | 'object' | 'status' | 'call_id'> & {
      readonly id?: string;
      readonly call_id?: string;
    })
  | (Omit<FunctionCallOutputItem, 'id' | 'object' | 'status'> & { readonly id?: string })
  | { readonly type: 'mcp_approval_response' | 'mcp_list_tools' | 'mcp_call' | 'mcp_approval_request' };

export interface ItemReference {
  readonly type: 'item_reference';
  readonly id: string;
}

export interface ResponseRequest {
  readonly output_modalities?: readonly ('audio' | 'text')[];
  readonly instructions?: string;
  readonly tools?: readonly Tool[];
  readonly tool_choice?: ToolChoice;
  readonly max_output_tokens?: number | 'inf';
  readonly conversation?: string;
  readonly metadata?: Readonly<Record<string, string>> | null;
  readonly input?: readonly (ItemDraft | ItemReference)[];
  readonly reasoning?: unknown;
  readonly parallel_tool_calls?: boolean;
  readonly audio?: { readonly output?: { readonly format?: AudioFormat; readonly voice?: string } };
}

/** What may come from a client, once checked. Audio is told apart before: it is by far the most frequent. */
export type ClientEvent = { readonly event_id?: string } & (
  | { readonly type: 'session.update'; readonly session: Readonly<Record<string, unknown>> }
  | { readonly type: 'input_audio_buffer.append'; readonly audio: string }
  | { readonly type: 'input_audio_buffer.commit' | 'input_audio_buffer.clear' | 'output_audio_buffer.clear' }
  | {
      readonly type: 'conversation.item.create';
      readonly item: ItemDraft;
      readonly previous_item_id?: string;
    }
  | { readonly type: 'conversation.item.retrieve' | 'conversation.item.delete'; readonly item_id: string }
  | {
      readonly type: 'conversation.item.truncate';
      readonly item_id: string;
      readonly content_index: number;
      readonly audio_end_ms: number;
    }
  | { readonly type: 'response.create'; readonly response?: ResponseRequest }
  | { readonly type: 'response.cancel'; readonly response_id?: string }
);

/** Anything sent to a client; `event_id` is added when it is sent. */
export interface ServerEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** The inner part of an `error` event. */
export interface Problem {
  readonly type: string;
  readonly code: string;
  readonly message: string;
  readonly param: string | null;
}

/** @returns what the Realtime API says of a request that it refuses */
export function refusal(code: string, message: string, param: string | null = null): Problem {
  return { type: 'invalid_request_error', code, message, param };
}
