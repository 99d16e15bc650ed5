import type { App } from '@modelcontextprotocol/ext-apps';

type ToolResult = Awaited<ReturnType<App['callServerTool']>>;

/** The server's tools, called through the host. */
export interface ServerTools {
  /** @throws Error with the server's sentence when the tool refuses */
  use(tool: 'wait' | 'answer' | 'control' | 'cancel', args: Record<string, unknown>): Promise<object>;
}

/** @param styled a tool's name as the host knows it: it may pass on no other style */
export function serverTools(app: App, styled: () => string | undefined): ServerTools {
  return {
    use: async (tool, args) => {
      const separator = styled()?.includes('.') ? '.' : '_';
      const result = await app.callServerTool({ name: `telephony${separator}${tool}`, arguments: args });
      if (result.isError) throw new Error(wordsOf(result) || 'The telephone server did not say why.');
      return contentOf(result) ?? {};
    },
  };
}

/** What a tool answered, from hosts that pass its text only, too. */
export function contentOf(result: ToolResult): object | undefined {
  if (isObject(result.structuredContent)) return result.structuredContent;
  try {
    const parsed: unknown = JSON.parse(wordsOf(result));
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** The text of a result; empty when there is none. */
export function wordsOf({ content }: ToolResult): string {
  const first = content?.find((part) => part.type === 'text');
  return first?.type === 'text' ? first.text : '';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
