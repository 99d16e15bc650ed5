import { parseJSONRPCMessage } from '@modelcontextprotocol/server';
import type { JSONRPCMessage } from '@modelcontextprotocol/server';

/** A message, or the text of the answer to something that is none. */
export type ReadMessage = { readonly message: JSONRPCMessage } | { readonly refusal: string };

/** Reads one JSON-RPC message, for transports where each text is one message. */
export function readMessage(text: string): ReadMessage {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { refusal: refusal(-32700, 'Parse error: the message is not valid JSON.') };
  }
  try {
    return { message: parseJSONRPCMessage(value) };
  } catch {
    return { refusal: refusal(-32600, 'Invalid request: the message is not a single JSON-RPC 2.0 message.') };
  }
}

function refusal(code: number, message: string): string {
  return JSON.stringify({ jsonrpc: '2.0', id: null, error: { code, message } });
}
