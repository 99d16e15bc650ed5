import { inputRequired, TRACEPARENT_META_KEY } from '@modelcontextprotocol/server';
import type {
  CallToolResult,
  InputRequiredResult,
  McpServer,
  RequestStateCodec,
  ServerContext,
} from '@modelcontextprotocol/server';
import type { Audit } from '../control/audit-log.ts';
import type { Access } from '../lib/access.ts';
import { TelephoneError } from '../lib/errors.ts';
import { deepestRequest, isDeeperThan } from '../lib/json-depth.ts';
import type { Log } from '../lib/log.ts';
import { Asking } from './asking/asking.ts';
import { digestOf } from './asking/asked-state.ts';
import type { AskedState } from './asking/asked-state.ts';
import { questionForm } from './asking/question-form.ts';
import type { NotedQuestions } from './asking/noted-questions.ts';
import { formKey, userAskingOf } from './asking/user-asking.ts';
import { transcriptLink } from './resources/call-resources.ts';
import { noteToolUse } from './tool-audit.ts';
import type { Progress, Tool, ToolContext } from './tool.ts';

/** What every tool call shares, whatever its request. */
export interface ToolHouse extends Omit<ToolContext, 'signal' | 'tellProgress' | 'user' | 'traceparent'> {
  readonly askedStates: RequestStateCodec<AskedState>;
  readonly refusedQuestions: NotedQuestions;
  readonly shownQuestions: NotedQuestions;
  readonly audit: Audit;
  /** Of the client that this server serves. */
  readonly access: Access;
}

/** The first revision that knows `resource_link`; a client of an earlier one may choke on it. */
const firstWithLinks = '2025-06-18';

/** Serves one `tools/call`: the only place where an error becomes words for a client. */
export async function callTool(
  tool: Tool,
  rawArguments: unknown,
  house: ToolHouse,
  server: McpServer['server'],
  context: ServerContext,
): Promise<CallToolResult | InputRequiredResult> {
  const { mcpReq } = context;
  if (isDeeperThan(deepestRequest, rawArguments)) {
    const text = `The arguments are nested more than ${deepestRequest} levels deep: make them flatter.`;
    return { content: [{ type: 'text', text }], isError: true };
  }
  const requestDigest = digestOf(tool.name, rawArguments);
  const noted = noteToolUse(tool.name, rawArguments, house);
  try {
    const served = await tool.serve(rawArguments, {
      ...house,
      signal: mcpReq.signal,
      user: userAskingOf(server, context, requestDigest, house),
      traceparent: traceParentOf(context),
      tellProgress: progressTeller(mcpReq, house.log),
    });
    if (served instanceof Asking) return await askingResult(served, requestDigest, house, context);
    const { result, linkedCallId } = served;
    noted.done(result);
    const revision = server.getNegotiatedProtocolVersion();
    const takesLinks = revision !== undefined && revision >= firstWithLinks;
    return {
      content: [
        { type: 'text', text: JSON.stringify(result) },
        ...(linkedCallId !== null && takesLinks ? [transcriptLink(linkedCallId)] : []),
      ],
      structuredContent: { ...result },
    };
  } catch (error) {
    noted.refused(error);
    return { content: [{ type: 'text', text: sentenceFor(error, tool, house.log) }], isError: true };
  }
}

async function askingResult(
  { callId, question }: Asking,
  requestDigest: string,
  { askedStates }: ToolHouse,
  context: ServerContext,
): Promise<InputRequiredResult> {
  const state = { callId, questionId: question.questionId, requestDigest };
  return inputRequired({
    inputRequests: { [formKey]: inputRequired.elicit(questionForm(question)) },
    requestState: await askedStates.mint(state, context),
  });
}

function sentenceFor(error: unknown, tool: Tool, log: Log): string {
  if (error instanceof TelephoneError) return error.message;
  log.error('mcp tool failed', { tool: tool.name, err: error });
  return 'Something went wrong inside the telephone server, and its log says what. Check with the list of calls what became of this before trying again.';
}

/** `_meta` names the tool call itself, the header the exchange that carries it: the nearer one counts. */
function traceParentOf({ mcpReq, http }: ServerContext): string | undefined {
  const nearer = mcpReq._meta?.[TRACEPARENT_META_KEY];
  return typeof nearer === 'string' ? nearer : (http?.req?.headers.get('traceparent') ?? undefined);
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
