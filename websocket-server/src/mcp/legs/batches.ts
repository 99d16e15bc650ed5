import { isJSONRPCNotification, isJSONRPCRequest, isJSONRPCResponse } from '@modelcontextprotocol/server';
import type { JSONRPCMessage, RequestId } from '@modelcontextprotocol/server';
import type { ReadMessage } from './message-text.ts';

interface Batch {
  /** Requests without an answer so far. */
  readonly due: Set<RequestId>;
  /** As JSON. */
  readonly answers: string[];
}

/**
 * The batches of one connection: each is answered by one array, once all its requests are (JSON-RPC 2.0, section 6;
 * MCP 2025-03-26 has every receiver take them).
 */
export class Batches {
  readonly #write: (text: string) => Promise<void>;
  readonly #failed: (error: Error) => void;
  readonly #batchOf = new Map<RequestId, Batch>();

  /** @param failed told where nobody waits for an answer that could not be written */
  constructor(write: (text: string) => Promise<void>, failed: (error: Error) => void) {
    this.#write = write;
    this.#failed = failed;
  }

  /** @returns the messages to serve */
  open(parts: readonly ReadMessage[]): readonly JSONRPCMessage[] {
    const batch: Batch = { due: new Set(), answers: [] };
    const messages = parts.flatMap((part) => {
      if ('refusal' in part) {
        batch.answers.push(part.refusal);
        return [];
      }
      const { message } = part;
      if (!isJSONRPCRequest(message)) return [message];
      // An answer to it could not be told from the other's.
      if (this.#batchOf.has(message.id)) {
        batch.answers.push(usedTwice(message.id));
        return [];
      }
      batch.due.add(message.id);
      this.#batchOf.set(message.id, batch);
      return [message];
    });
    if (batch.due.size === 0) this.#tell(batch).catch(this.#failed);
    return messages;
  }

  /** A message comes in: a request that is taken back is not answered, and its batch does not wait for it. */
  noted(message: JSONRPCMessage): void {
    if (!isJSONRPCNotification(message) || message.method !== 'notifications/cancelled') return;
    const id = message.params?.['requestId'];
    if (typeof id === 'string' || typeof id === 'number') this.#settle(id).catch(this.#failed);
  }

  /** @returns undefined for a message that answers no request of a batch, which is then to be sent by itself */
  answered(message: unknown): Promise<void> | undefined {
    if (!isJSONRPCResponse(message) || message.id === undefined || !this.#batchOf.has(message.id)) {
      return undefined;
    }
    return this.#settle(message.id, JSON.stringify(message));
  }

  async #settle(id: RequestId, answer?: string): Promise<void> {
    const batch = this.#batchOf.get(id);
    if (batch === undefined) return;
    this.#batchOf.delete(id);
    batch.due.delete(id);
    if (answer !== undefined) batch.answers.push(answer);
    if (batch.due.size === 0) await this.#tell(batch);
  }

  async #tell({ answers }: Batch): Promise<void> {
    if (answers.length > 0) await this.#write(`[${answers.join(',')}]`);
  }
}

function usedTwice(id: RequestId): string {
  const message = `Invalid request: the id ${JSON.stringify(id)} belongs to a request that is under way.`;
  return JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32600, message } });
}
