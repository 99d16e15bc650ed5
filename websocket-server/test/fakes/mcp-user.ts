import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

/** An MCP client as a test uses it. */
export interface McpUser {
  readonly client: Client;
  /** @throws when the tool refuses */
  resultOf(tool: string, args?: Record<string, unknown>): Promise<Record<string, unknown>>;
  /** The words of a refusal. @throws when the tool does not refuse */
  refusalOf(tool: string, args: Record<string, unknown>): Promise<string>;
}

export async function openMcpUser(url: URL): Promise<McpUser> {
  const client = new Client(
    { name: 'test-client', version: '1.0.0' },
    { versionNegotiation: { mode: 'auto' } },
  );
  await client.connect(new StreamableHTTPClientTransport(url));
  const use = (name: string, args: Record<string, unknown>) => client.callTool({ name, arguments: args });
  return {
    client,
    resultOf: async (tool, args = {}) => {
      const { structuredContent, content, isError } = await use(tool, args);
      if (isError) throw new Error(`${tool} refused: ${JSON.stringify(content)}`);
      return structuredContent as Record<string, unknown>;
    },
    refusalOf: async (tool, args) => {
      const { structuredContent, content, isError } = await use(tool, args);
      if (!isError || structuredContent !== undefined) throw new Error(`${tool} did not refuse`);
      return content.map((part) => (part.type === 'text' ? part.text : '')).join('');
    },
  };
}
