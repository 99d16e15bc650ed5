import type { Icon, ToolAnnotations } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { CallControl } from '../control/call-control.ts';
import type { Log } from '../lib/log.ts';
import type { Clock } from '../lib/runtime.ts';
import { Asking } from './asking/asking.ts';
import type { UserAsking } from './asking/asking.ts';
import { parseArguments } from './tool-arguments.ts';
import type { ToolName } from './tool-names.ts';

/** One tool: what a client is told of it, and what it does. */
export interface Tool {
  readonly name: ToolName;
  readonly title: string;
  /** For the model. Other tools are named through `nameOf`, in the style that the client is shown. */
  describe(nameOf: NameOf): string;
  readonly annotations: ToolAnnotations;
  readonly icon: Icon;
  /** Whether it may wait for a call: then the headers of its answer leave before the answer is known. */
  readonly mayWait: boolean;
  readonly argumentsSchema: JsonSchema;
  readonly resultSchema: JsonSchema;
  /**
   * @param rawArguments as the client sent them
   * @returns with what `resultSchema` describes, or what to ask the user before that can be told
   * @throws TelephoneError when the arguments cannot be served; its message goes to the client
   */
  serve(rawArguments: unknown, context: ToolContext): Promise<Served | Asking>;
}

export interface Served {
  readonly result: Readonly<Record<string, unknown>>;
  /** The call whose transcript a client is pointed to besides; null for none. */
  readonly linkedCallId: string | null;
}

export interface JsonSchema {
  readonly type: 'object';
  readonly [keyword: string]: unknown;
}

export type NameOf = (tool: ToolName) => string;

/** What a tool works with while it serves one request. */
export interface ToolContext {
  readonly control: CallControl;
  readonly clock: Clock;
  readonly log: Log;
  /** Address of a call's live page. */
  readonly pageUrlOf: (callId: string) => string;
  readonly nameOf: NameOf;
  /**
   * Aborts when the client takes its request back. It may also abort after the answer was given, so it may
   * end a wait but never a call.
   */
  readonly signal: AbortSignal;
  /** The way to the client's user, for a question of the agent. */
  readonly user: UserAsking;
  /** The trace that the client's request belongs to, as it was sent; undefined when none was. */
  readonly traceparent?: string | undefined;
  /** Tells a client that asked for it how far a long request is; does nothing for others. */
  readonly tellProgress: (progress: Progress) => void;
}

export interface Progress {
  readonly elapsedSeconds: number;
  readonly totalSeconds: number;
  readonly message: string;
}

interface ToolDefinition<Arguments extends z.ZodObject, Result extends z.ZodObject> extends Pick<
  Tool,
  'name' | 'title' | 'describe' | 'annotations' | 'icon'
> {
  readonly arguments: Arguments;
  readonly result: Result;
  run(args: z.output<Arguments>, context: ToolContext): Promise<z.output<Result> | Asking>;
  /** False unless set. */
  readonly mayWait?: boolean;
  /** Whose transcript comes as a link besides the result; none otherwise. */
  linkedCallId?(result: z.output<Result>): string | null;
}

/** Ties a tool's `run` to its schemas, and hides their types, so that tools can stand in one list. */
export function defineTool<Arguments extends z.ZodObject, Result extends z.ZodObject>(
  definition: ToolDefinition<Arguments, Result>,
): Tool {
  const { name, title, annotations, icon } = definition;
  return {
    name,
    title,
    annotations,
    icon,
    mayWait: definition.mayWait ?? false,
    describe: (nameOf) => definition.describe(nameOf),
    argumentsSchema: jsonSchemaOf(definition.arguments),
    resultSchema: jsonSchemaOf(definition.result),
    serve: async (rawArguments, context) => {
      const args = parseArguments(definition.arguments, rawArguments, context.nameOf(name));
      const result = await definition.run(args, context);
      if (result instanceof Asking) return result;
      return { result, linkedCallId: definition.linkedCallId?.(result) ?? null };
    },
  };
}

/**
 * The JSON Schema that clients see. The `input` view is used for results too: the `output` view would add
 * `additionalProperties: false`, and a client with a cached list would refuse the next version's results.
 */
function jsonSchemaOf(schema: z.ZodObject): JsonSchema {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, { io: 'input' });
  return { ...json, type: 'object' };
}
