import type {
  Implementation,
  McpServer,
  ServerEventBus,
  ServerOptions,
  StandardSchemaWithJSON,
  Tool as ListedTool,
} from '@modelcontextprotocol/server';
import type { Access } from '../lib/access.ts';
import { callCardCapability, callCardMeta, registerCallCard } from './call-card/call-card.ts';
import { instructionsFor } from './instructions.ts';
import { preparePrompts } from './prompts/index.ts';
import { registerCallResources } from './resources/call-resources.ts';
import { callTool } from './tool-call.ts';
import type { ToolHouse } from './tool-call.ts';
import { nameStyles, toolNameIn } from './tool-names.ts';
import type { NameStyle } from './tool-names.ts';
import type { JsonSchema, NameOf } from './tool.ts';
import { tools } from './tools/index.ts';
import { WordedMcpServer } from './worded-server.ts';

export interface ServerFactoryOptions extends Omit<ToolHouse, 'nameOf' | 'access'> {
  readonly serverInfo: Implementation;
  /** Told of everything that clients subscribe to. */
  readonly bus: ServerEventBus;
  readonly extension?: ServerExtension | undefined;
  /** The page of the live call card; without it there is none. */
  readonly callCard: string | undefined;
}

/** What a program adds to every server. */
export interface ServerExtension {
  /** Checks the state that a client brings back with its answers, in place of the product's check. */
  readonly requestState?: ServerOptions['requestState'];
  /**
   * Adds tools, resources and prompts to a server that is not connected yet.
   *
   * @returns the tools to list after the product's
   */
  add(server: McpServer, bus: ServerEventBus): readonly ListedTool[];
}

/**
 * Which news of resources the way to a client carries: none, of those that it names, or of their list too. Only a
 * client that says what it wants is told of the list, as all do from 2026-07-28 on.
 */
export type ResourceNews = 'none' | 'named' | 'all';

/** Nothing in these answers depends on who asks, and they change only with the program. */
const fixed = { ttlMs: 300_000, cacheScope: 'public' } as const;

/**
 * Makes `McpServer`s over the same calls. Each serves one connection or one request: they cannot be shared.
 *
 * @param shown how tool names are written in lists and instructions; both ways are answered
 */
export function createServerFactory(
  { serverInfo, bus, extension, callCard, ...house }: ServerFactoryOptions,
  shown: NameStyle,
): (news: ResourceNews, access: Access) => McpServer {
  const shownName = namerIn(shown);
  const instructions = instructionsFor(shownName);
  const listed = tools.map((tool): ListedTool => ({
    name: shownName(tool.name),
    title: tool.title,
    description: tool.describe(shownName),
    inputSchema: tool.argumentsSchema,
    outputSchema: tool.resultSchema,
    annotations: tool.annotations,
    icons: [tool.icon],
    ...(callCard !== undefined && { _meta: callCardMeta(tool.name) }),
  }));
  const registerPrompts = preparePrompts(house.control, shownName);
  const cacheHints = {
    'server/discover': fixed,
    'tools/list': fixed,
    'prompts/list': fixed,
    'resources/templates/list': fixed,
  };

  return (news, access) => {
    const capabilities = {
      tools: { listChanged: false },
      prompts: { listChanged: false },
      resources: { subscribe: news !== 'none', listChanged: news === 'all' },
      ...(callCard !== undefined && { extensions: callCardCapability }),
    };
    const server = new WordedMcpServer(serverInfo, {
      instructions,
      capabilities,
      cacheHints,
      requestState: extension?.requestState ?? { verify: house.askedStates.verify },
    });
    for (const style of nameStyles) {
      const nameOf = namerIn(style);
      for (const tool of tools) {
        server.registerTool(
          nameOf(tool.name),
          { inputSchema: unchecked(tool.argumentsSchema), outputSchema: unchecked(tool.resultSchema) },
          (args, context) => callTool(tool, args, { ...house, nameOf, access }, server.server, context),
        );
      }
    }
    registerCallResources(server, { ...house, nameOf: shownName, access });
    if (callCard !== undefined) registerCallCard(server, callCard);
    registerPrompts(server);
    const added = extension?.add(server, bus) ?? [];
    // Registered are both styles of every name; a list with each tool twice would only confuse a model.
    server.server.setRequestHandler('tools/list', () => ({ tools: [...listed, ...added] }));
    return server;
  };
}

const waitingTools: ReadonlySet<string> = new Set(
  tools
    .filter(({ mayWait }) => mayWait)
    .flatMap(({ name }) => nameStyles.map((style) => toolNameIn(style, name))),
);

/** @param toolName as a client writes it, in either style */
export function toolMayWait(toolName: string): boolean {
  return waitingTools.has(toolName);
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
