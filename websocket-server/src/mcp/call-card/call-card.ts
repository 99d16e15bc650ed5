import type { McpServer } from '@modelcontextprotocol/server';
import type { ToolName } from '../tool-names.ts';

const uri = 'ui://mcp-telephone/call-card.html';
const mimeType = 'text/html;profile=mcp-app';

/** MCP Apps, as both sides name it among their capabilities. */
const extensionId = 'io.modelcontextprotocol/ui';
export const callCardCapability = { [extensionId]: { mimeTypes: [mimeType] } };

/** The tools whose result a host shows as a card. */
const toolsWithCard: ReadonlySet<ToolName> = new Set(['call', 'status', 'wait']);

/** What a tool's listing says of its card; undefined when it has none. The second key is for hosts of 2025. */
export function callCardMeta(tool: ToolName): Record<string, unknown> | undefined {
  return toolsWithCard.has(tool) ? { ui: { resourceUri: uri }, 'ui/resourceUri': uri } : undefined;
}

/**
 * Makes the live call card readable. It asks for no network and no permission: all it knows and does goes
 * through the host, by this server's tools.
 *
 * @param html the whole page, scripts and styles in it
 */
export function registerCallCard(server: McpServer, html: string): void {
  const description = 'A phone call as it happens: its words, the agent’s question, and a hand in it.';
  const _meta = { ui: { prefersBorder: true } };
  server.registerResource(
    'call_card',
    uri,
    {
      title: 'Live call card',
      description,
      mimeType,
      _meta,
      cacheHint: { ttlMs: 300_000, cacheScope: 'public' },
    },
    () => ({ contents: [{ uri, mimeType, text: html, _meta }] }),
  );
}
