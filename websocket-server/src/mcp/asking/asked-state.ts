import { createHash, createHmac } from 'node:crypto';
import { createRequestStateCodec } from '@modelcontextprotocol/server';
import type { RequestStateCodec } from '@modelcontextprotocol/server';
import { z } from 'zod';

/** Longer than any question stays open: a reply that comes late is told so, rather than refused as malformed. */
const ttlSeconds = 86_400;

/** What a 2026-07-28 client carries from a request that ended in a question to the one that brings the reply. */
const askedState = z.object({
  callId: z.string(),
  questionId: z.string(),
  /** Of the request that was answered with the question: only that one may be sent again. */
  requestDigest: z.string(),
});
export type AskedState = z.output<typeof askedState>;

/**
 * Signs the state for whoever is logged in, and checks it when it comes back.
 *
 * @param secret the same in every process that serves the same clients
 */
export function askedStateCodec(secret: string): RequestStateCodec<AskedState> {
  return createRequestStateCodec<AskedState>({
    key: createHmac('sha256', secret).update('mcp-telephone request state').digest(),
    ttlSeconds,
    bind: ({ mcpReq, http }) => `${mcpReq.method} ${http?.authInfo?.clientId ?? ''}`,
  });
}

/** @param state what the codec has let through; undefined when the request carried none */
export function readAskedState(state: unknown): AskedState | undefined {
  return askedState.safeParse(state).data;
}

/** The same for the same tool and arguments, in whatever order a client writes them. */
export function digestOf(toolName: string, rawArguments: unknown): string {
  const text = JSON.stringify([toolName, rawArguments ?? {}], (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  return createHash('sha256').update(text).digest('base64url');
}
