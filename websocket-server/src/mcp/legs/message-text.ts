import { parseJSONRPCMessage } from '@modelcontextprotocol/server';
import type { JSONRPCMessage } from '@modelcontextprotocol/server';

/** A message, or the text of the answer to something that is none. */
export type ReadMessage = { readonly message: JSONRPCMessage } | { readonly refusal: string };

/** A text that holds one message, or several in a batch. */
export type ReadText = ReadMessage | { readonly batch: readonly ReadMessage[] };

/** Reads a JSON-RPC message or a batch of them, for transports where each text is one or the other. */
export function readText(text: string): ReadText {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { refusal: refusal(-32700, 'Parse error: the message is not valid JSON.') };
  }
  return Array.isArray(value) && value.length > 0 ? { batch: value.map(readMessage) } : readMessage(value);
}

function readMessage(value: unknown): ReadMessage {
  try {
    return { message: parseJSONRPCMessage(value) };
  } catch {
    return { refusal: refusal(-32600, 'Invalid request: the message is not a JSON-RPC 2.0 message.') };
  }
}

function refusal(code: number, message: string): string {
  return JSON.stringify({ jsonrpc: '2.0', id: null, error: { code, message } });
}
