import { McpServer, isJSONRPCErrorResponse } from '@modelcontextprotocol/server';
import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/server';
import { z } from 'zod';

const invalidParams = -32602;

/** The validator's findings, as the SDK puts them into an error's message: JSON, after a few words or none. */
const findings = z
  .array(z.object({ path: z.array(z.union([z.string(), z.number()])), message: z.string() }))
  .min(1);

/**
 * An `McpServer` that tells malformed parameters in words. The SDK passes its validator's findings on as they
 * are, as JSON inside the message, and for most methods under the code of an internal error.
 */
export class WordedMcpServer extends McpServer {
  override connect(transport: Transport): Promise<void> {
    const send = transport.send.bind(transport);
    transport.send = (message, options) => send(worded(message), options);
    return super.connect(transport);
  }
}

function worded(message: JSONRPCMessage): JSONRPCMessage {
  if (!isJSONRPCErrorResponse(message)) return message;
  const start = message.error.message.indexOf('[');
  if (start === -1) return message;
  const found = findings.safeParse(parsed(message.error.message.slice(start)));
  if (!found.success) return message;
  const sentences = found.data.map((finding) => `"${finding.path.join('.')}": ${finding.message}.`);
  return { ...message, error: { code: invalidParams, message: `Invalid request. ${sentences.join(' ')}` } };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
