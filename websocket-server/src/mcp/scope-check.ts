import { missingScopeSentence, missingScopes } from '../lib/access.ts';
import type { Access, Scope } from '../lib/access.ts';
import { isRecord } from '../lib/is-record.ts';
import { nameStyles, toolNameIn } from './tool-names.ts';
import type { ToolName } from './tool-names.ts';

const toolScopes: Readonly<Record<ToolName, Scope>> = {
  call: 'calls:place',
  status: 'calls:read',
  wait: 'calls:read',
  answer: 'calls:control',
  control: 'calls:control',
  cancel: 'calls:control',
  transcript: 'calls:read',
  list: 'calls:read',
};
const scopeOfTool: ReadonlyMap<unknown, Scope> = new Map(
  Object.entries(toolScopes).flatMap(([name, scope]) =>
    nameStyles.map((style) => [toolNameIn(style, name as ToolName), scope] as const),
  ),
);

/** Methods that tell nothing of any call and change nothing. */
const openMethods: ReadonlySet<unknown> = new Set([
  'initialize',
  'ping',
  'server/discover',
  'tools/list',
  'prompts/list',
  'prompts/get',
  'resources/templates/list',
  'logging/setLevel',
]);

/** A message that its sender may not send. */
export interface ScopeRefusal {
  readonly missing: readonly Scope[];
  readonly sentence: string;
  /** What to answer; null for a message that takes no answer. */
  readonly answer: Readonly<Record<string, unknown>> | null;
}

/** See `refusalOf`. */
export type ScopeCheck = (message: unknown, access: Access) => ScopeRefusal | undefined;

/**
 * Whether whoever sent a JSON-RPC message may do what it asks for. It is looked at before any leg serves it, so
 * that nothing that a leg does by itself, such as subscriptions, goes around.
 *
 * @param message parsed JSON of any shape; what is no message needs nothing, and is refused as such later
 */
export function refusalOf(message: unknown, access: Access): ScopeRefusal | undefined {
  const missing = missingScopes(access, scopesFor(message));
  if (missing.length === 0) return undefined;
  const sentence = missingScopeSentence(access, missing);
  return { missing, sentence, answer: isRecord(message) ? answerTo(message, sentence) : null };
}

function scopesFor(message: unknown): readonly Scope[] {
  if (Array.isArray(message)) return message.flatMap((part) => scopesFor(part));
  if (!isRecord(message)) return [];
  const { method, params } = message;
  // Answers come to what a tool asks the owner in mid-call.
  if (method === undefined) return 'result' in message || 'error' in message ? ['calls:control'] : [];
  if (openMethods.has(method) || String(method).startsWith('notifications/')) return [];
  if (method !== 'tools/call') return ['calls:read'];
  const { name, inputResponses } = isRecord(params) ? params : {};
  const scope = scopeOfTool.get(name);
  const needed: readonly Scope[] = scope === undefined ? ['calls:read', 'calls:control'] : [scope];
  return inputResponses === undefined ? needed : [...needed, 'calls:control'];
}

/** A tool's refusal is a result, which models read; 2026-07-28 wants to know of each result what it is. */
function answerTo(
  { id, method }: Readonly<Record<string, unknown>>,
  sentence: string,
): ScopeRefusal['answer'] {
  if (id === undefined || method === undefined) return null;
  if (method !== 'tools/call') return { jsonrpc: '2.0', id, error: { code: -32000, message: sentence } };
  const result = { resultType: 'complete', content: [{ type: 'text', text: sentence }], isError: true };
  return { jsonrpc: '2.0', id, result };
}
