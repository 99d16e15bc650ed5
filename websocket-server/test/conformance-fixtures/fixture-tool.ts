import type {
  CallToolResult,
  InputRequiredResult,
  McpServer,
  ServerContext,
} from '@modelcontextprotocol/server';
import { fromJsonSchema } from '@modelcontextprotocol/server';

/** A tool that the conformance suite calls by its name. */
export interface FixtureTool {
  readonly name: string;
  readonly description: string;
  /** Names of arguments that must be given; all are text. */
  readonly needs?: readonly string[];
  run(
    args: Readonly<Record<string, string>>,
    context: ServerContext,
    server: McpServer,
  ): Promise<CallToolResult | InputRequiredResult> | CallToolResult | InputRequiredResult;
}

export function textResult(text: string): CallToolResult {
  return { content: [{ type: 'text', text }] };
}

export function inputSchemaOf({ needs = [] }: FixtureTool) {
  return {
    type: 'object' as const,
    properties: Object.fromEntries(needs.map((name) => [name, { type: 'string' as const }])),
    required: [...needs],
  };
}

export function registerFixtureTool(server: McpServer, tool: FixtureTool): void {
  const { name, description } = tool;
  const inputSchema = fromJsonSchema<Record<string, string>>(inputSchemaOf(tool));
  server.registerTool(name, { description, inputSchema }, (args, context) => tool.run(args, context, server));
}
