import { CLIENT_CAPABILITIES_META_KEY, CLIENT_INFO_META_KEY } from '@modelcontextprotocol/server';
import type {
  ClientCapabilities,
  Implementation,
  McpServer,
  ServerContext,
} from '@modelcontextprotocol/server';
import type { Access } from '../../lib/access.ts';
import { InvalidRequest } from '../../lib/errors.ts';
import type { AskingWay, UserAsking } from './asking.ts';
import { readAskedState } from './asked-state.ts';
import type { NotedQuestions } from './noted-questions.ts';
import { questionForm, replyOf } from './question-form.ts';

/** Under which name the form goes out, and its reply comes back. */
export const formKey = 'question';

/** The first revision in which a server asks by its answer, and not by a request of its own. */
const firstAskedByAnswer = '2026-07-28';

/** Who is asked, and what was asked of them before. */
export interface AskingHouse {
  readonly refusedQuestions: NotedQuestions;
  readonly shownQuestions: NotedQuestions;
  readonly access: Access;
}

/** The signal takes a question back, long before this. */
const longestMs = 600_000;

/**
 * How the user behind a request is reached.
 *
 * @param requestDigest of this request
 * @param house what the client may do, and what its user was asked before
 * @throws InvalidRequest when the client brings the reply of another request
 */
export function userAskingOf(
  server: McpServer['server'],
  context: ServerContext,
  requestDigest: string,
  { refusedQuestions: refused, shownQuestions: shown, access }: AskingHouse,
): UserAsking {
  const client = clientOf(server, context);
  return {
    broughtBack: broughtBackIn(context.mcpReq, requestDigest),
    way: mayAnswer(access)
      ? wayOf(server.getNegotiatedProtocolVersion(), client.capabilities, context.mcpReq)
      : { kind: 'none' },
    isRefused: (callId, questionId) => refused.has(client.key, callId, questionId),
    refuse: (callId, questionId) => refused.add(client.key, callId, questionId),
    isShown: (callId, questionId) => shown.has(client.key, callId, questionId),
    show: (callId, questionId) => shown.add(client.key, callId, questionId),
    hide: (callId, questionId) => shown.remove(client.key, callId, questionId),
  };
}

/** A form whose answer would be refused is shown to nobody. */
function mayAnswer({ scopes }: Access): boolean {
  return scopes.includes('calls:control');
}

function wayOf(
  revision: string | undefined,
  capabilities: ClientCapabilities,
  mcpReq: ServerContext['mcpReq'],
): AskingWay {
  if (revision === undefined || !showsForms(capabilities)) return { kind: 'none' };
  if (revision >= firstAskedByAnswer) return { kind: 'answer' };
  return {
    kind: 'request',
    ask: async (question, signal) => {
      // Takes the connection's request id 0: clients of the first TypeScript SDK overlook that such a one is
      // cancelled, and would leave the form on the screen.
      mcpReq.send({ method: 'ping' }, { relatedRequestId: mcpReq.id, signal }).catch(() => {});
      const result = await mcpReq.send(
        { method: 'elicitation/create', params: { ...questionForm(question) } },
        // Tied to the request, or it would go out on a stream that the client may never open.
        { relatedRequestId: mcpReq.id, signal, timeout: longestMs },
      );
      return replyOf(result) ?? { action: 'refused' };
    },
  };
}

function broughtBackIn(mcpReq: ServerContext['mcpReq'], requestDigest: string): UserAsking['broughtBack'] {
  const state = readAskedState(mcpReq.requestState());
  if (state === undefined) return null;
  if (state.requestDigest !== requestDigest) {
    throw new InvalidRequest(
      'The requestState belongs to another request: send that one again with the arguments it had, or leave the requestState out.',
    );
  }
  const { callId, questionId } = state;
  return { callId, questionId, reply: replyOf(mcpReq.inputResponses?.[formKey]) };
}

/** A capability without modes is that of forms, the only mode there was at first. */
function showsForms({ elicitation }: ClientCapabilities): boolean {
  return elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined);
}

/** What each 2026-07-28 request says of its client. */
interface Envelope {
  readonly [CLIENT_INFO_META_KEY]?: Implementation;
  readonly [CLIENT_CAPABILITIES_META_KEY]?: ClientCapabilities;
}

/** Where requests stand alone, a client is known by its name and its login. */
function clientOf(
  server: McpServer['server'],
  { mcpReq, sessionId, http }: ServerContext,
): { readonly capabilities: ClientCapabilities; readonly key: string } {
  const envelope: Envelope = mcpReq.envelope ?? {};
  const info = envelope[CLIENT_INFO_META_KEY] ?? server.getClientVersion();
  const capabilities = envelope[CLIENT_CAPABILITIES_META_KEY] ?? server.getClientCapabilities() ?? {};
  const key = JSON.stringify([sessionId, http?.authInfo?.clientId, info?.name, info?.version]);
  return { capabilities, key };
}
