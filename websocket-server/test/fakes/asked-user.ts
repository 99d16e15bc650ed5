import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as OldHttpTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport as OldTransport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';

/** What a user does with a form. */
export interface FormReply {
  readonly action: 'accept' | 'decline' | 'cancel';
  readonly content?: Record<string, string>;
}

/** @param taken aborts when the server takes the form back */
export type FormFilling = (message: string, taken: AbortSignal) => Promise<FormReply> | FormReply;

/** A client whose user can be asked. */
export interface AskedUser {
  readonly who: string;
  call(tool: string, args: Record<string, unknown>): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

const info = { name: 'asked-client', version: '1.0.0' };
const capabilities = { elicitation: {} };

/** One client for each way of asking: by a request of the server, and by its answer. */
export const askedUsers: readonly (readonly [
  who: string,
  (url: URL, fill: FormFilling) => Promise<AskedUser>,
])[] = [
  ['a 2025 client', openOldUser],
  ['a 2026-07-28 client', openModernUser],
];

export async function openOldUser(
  url: URL,
  fill: FormFilling,
  transport = new OldHttpTransport(url) as OldTransport,
): Promise<AskedUser> {
  const client = new OldClient(info, { capabilities });
  client.setRequestHandler(ElicitRequestSchema, async ({ params }, { signal }) => ({
    ...(await fill(params.message, signal)),
  }));
  await client.connect(transport);
  return {
    who: 'old',
    call: async (name, args) => structured(await client.callTool({ name, arguments: args })),
    close: () => client.close(),
  };
}

export async function openModernUser(url: URL, fill: FormFilling): Promise<AskedUser> {
  const client = new Client(info, { capabilities, versionNegotiation: { mode: { pin: '2026-07-28' } } });
  client.setRequestHandler('elicitation/create', async ({ params }, { mcpReq }) => ({
    ...(await fill(params.message, mcpReq.signal)),
  }));
  await client.connect(new StreamableHTTPClientTransport(url));
  return {
    who: 'modern',
    call: async (name, args) => structured(await client.callTool({ name, arguments: args })),
    close: () => client.close(),
  };
}

function structured(result: Record<string, unknown>): Record<string, unknown> {
  if (result['structuredContent'] === undefined) throw new Error(JSON.stringify(result));
  return result['structuredContent'] as Record<string, unknown>;
}
