import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

export const webhookSecret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

export interface Received {
  readonly id: string;
  readonly headers: IncomingHttpHeaders;
  /** As it was sent. */
  readonly body: string;
  /** What it says, once its signature is checked. @throws WebhookVerificationError */
  event(): { readonly type: string; readonly timestamp: string; readonly data: Record<string, unknown> };
}

/** The operator's address: takes events, or answers as the story says. */
export class WebhookReceiver {
  readonly received: Received[] = [];
  /** The status of the next answers, and what they say in `Retry-After`. */
  answer: (received: Received) => { readonly status: number; readonly headers?: Record<string, string> } =
    () => ({ status: 204 });
  readonly #server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += String(part);
    const headers = request.headers as Record<string, string>;
    const received: Received = {
      id: String(headers['webhook-id']),
      headers,
      body,
      event: () => new Webhook(webhookSecret).verify(body, headers) as ReturnType<Received['event']>,
    };
    this.received.push(received);
    const { status, headers: answerHeaders } = this.answer(received);
    response.writeHead(status, answerHeaders).end();
  });

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/events`;
  }

  /** @param port a free one unless given */
  async start(port = 0): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    return this;
  }

  of(callId: string): readonly Received[] {
    return this.received.filter(({ body }) => body.includes(callId));
  }

  typesOf(callId: string): readonly string[] {
    return this.of(callId).map((received) => received.event().type);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
