import type {
  Implementation,
  McpServer,
  StandardSchemaWithJSON,
  Tool as ListedTool,
} from '@modelcontextprotocol/server';
import { instructionsFor } from './instructions.ts';
import { callTool } from './tool-call.ts';
import type { ToolHouse } from './tool-call.ts';
import { nameStyles, toolNameIn } from './tool-names.ts';
import type { NameStyle } from './tool-names.ts';
import type { JsonSchema, NameOf } from './tool.ts';
import { tools } from './tools/index.ts';
import { WordedMcpServer } from './worded-server.ts';

export interface ServerFactoryOptions extends Omit<ToolHouse, 'nameOf'> {
  readonly serverInfo: Implementation;
}

/** Nothing in these answers depends on who asks, and they change only with the program. */
const cacheHint = { ttlMs: 300_000, cacheScope: 'public' } as const;

/**
 * Makes `McpServer`s over the same calls. Each serves one connection or one request: they cannot be shared.
 *
 * @param shown how tool names are written in lists and instructions; both ways are answered
 */
export function createServerFactory(
  { serverInfo, ...house }: ServerFactoryOptions,
  shown: NameStyle,
): () => McpServer {
  const shownName = namerIn(shown);
  const instructions = instructionsFor(shownName);
  const listed = tools.map((tool): ListedTool => ({
    name: shownName(tool.name),
    title: tool.title,
    description: tool.describe(shownName),
    inputSchema: tool.argumentsSchema,
    outputSchema: tool.resultSchema,
    annotations: tool.annotations,
  }));

  return () => {
    const server = new WordedMcpServer(serverInfo, {
      instructions,
      capabilities: { tools: { listChanged: false } },
      cacheHints: { 'tools/list': cacheHint, 'server/discover': cacheHint },
    });
    for (const style of nameStyles) {
      const nameOf = namerIn(style);
      for (const tool of tools) {
        server.registerTool(
          nameOf(tool.name),
          { inputSchema: unchecked(tool.argumentsSchema), outputSchema: unchecked(tool.resultSchema) },
          (args, context) => callTool(tool, args, { ...house, nameOf }, context.mcpReq),
        );
      }
    }
    // Registered are both styles of every name; a list with each tool twice would only confuse a model.
    server.server.setRequestHandler('tools/list', () => ({ tools: listed }));
    return server;
  };
}

function namerIn(style: NameStyle): NameOf {
  return (tool) => toolNameIn(style, tool);
}

/**
 * A schema that tells its shape and lets everything pass. The SDK words a violation as its validator does; a
 * tool checks its arguments itself, in sentences, and the type checker sees to its results.
 */
function unchecked(json: JsonSchema): StandardSchemaWithJSON {
  const told = () => json;
  return {
    '~standard': {
      version: 1,
      vendor: 'mcp-telephone',
      validate: (value) => ({ value }),
      jsonSchema: { input: told, output: told },
    },
  };
}
