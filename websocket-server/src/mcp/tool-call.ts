import type { CallToolResult, ServerContext } from '@modelcontextprotocol/server';
import { TelephoneError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import { transcriptLink } from './resources/call-resources.ts';
import type { Progress, Tool, ToolContext } from './tool.ts';

/** What every tool call shares, whatever its request. */
export type ToolHouse = Omit<ToolContext, 'signal' | 'tellProgress'>;

/** The first revision that knows `resource_link`; a client of an earlier one may choke on it. */
const firstWithLinks = '2025-06-18';

/**
 * Serves one `tools/call`: the only place where an error becomes words for a client.
 *
 * @param revision negotiated with the client; undefined when it negotiated none
 */
export async function callTool(
  tool: Tool,
  rawArguments: unknown,
  house: ToolHouse,
  request: ServerContext['mcpReq'],
  revision: string | undefined,
): Promise<CallToolResult> {
  try {
    const { result, linkedCallId } = await tool.serve(rawArguments, {
      ...house,
      signal: request.signal,
      tellProgress: progressTeller(request, house.log),
    });
    const takesLinks = revision !== undefined && revision >= firstWithLinks;
    return {
      content: [
        { type: 'text', text: JSON.stringify(result) },
        ...(linkedCallId !== null && takesLinks ? [transcriptLink(linkedCallId)] : []),
      ],
      structuredContent: { ...result },
    };
  } catch (error) {
    return { content: [{ type: 'text', text: sentenceFor(error, tool, house.log) }], isError: true };
  }
}

function sentenceFor(error: unknown, tool: Tool, log: Log): string {
  if (error instanceof TelephoneError) return error.message;
  log.error('mcp tool failed', { tool: tool.name, err: error });
  return 'Something went wrong inside the telephone server, and its log says what. Check with the list of calls what became of this before trying again.';
}

/** Progress carries no data: clients may lose a notification that comes right before the answer. */
function progressTeller(request: ServerContext['mcpReq'], log: Log): (progress: Progress) => void {
  const progressToken = request._meta?.progressToken;
  if (progressToken === undefined) return () => {};
  return ({ elapsedSeconds, totalSeconds, message }) => {
    request
      .notify({
        method: 'notifications/progress',
        params: { progressToken, progress: elapsedSeconds, total: totalSeconds, message },
      })
      .catch((err: unknown) => log.debug('mcp progress not delivered', { err }));
  };
}
