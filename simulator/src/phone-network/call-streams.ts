import { streamStatusForm } from './call-order.ts';
import type { CallWebhooks } from './call-webhooks.ts';
import { MediaStream } from './media-stream.ts';
import type { Violation } from './media-stream.ts';
import type { ToTwilio } from './schemas.ts';
import type { StreamVerb } from './twiml.ts';

export interface CallStreamsOptions {
  readonly accountSid: string;
  readonly authToken: string;
  readonly callSid: string;
  readonly webhooks: CallWebhooks;
  onStarted(stream: MediaStream): void;
  /** What waited to be played was taken back. */
  onCleared(): void;
  onChange(): void;
}

/** The media streams of one call, one after the other, and what came on them. */
export class CallStreams {
  /** Every stream there was; more than one if the document was replaced. */
  readonly all: MediaStream[] = [];
  /** Everything but audio. */
  readonly received: Exclude<ToTwilio, { event: 'media' }>[] = [];
  /** The audio, counted. */
  readonly receivedAudio = { messages: 0, bytes: 0 };
  readonly violations: Violation[] = [];
  readonly #options: CallStreamsOptions;

  constructor(options: CallStreamsOptions) {
    this.#options = options;
  }

  /** The stream of the moment. */
  get current(): MediaStream | undefined {
    return this.all.findLast((stream) => stream.isOpen);
  }

  /** Opens a stream and tells the verb's status callback how it fares. */
  open(verb: StreamVerb): MediaStream {
    const { accountSid, authToken, callSid, webhooks, onStarted, onChange } = this.#options;
    const tell = (event: string, problem?: Violation) => {
      if (verb.statusCallback === undefined) return;
      const error = problem && `${problem.code} ${problem.message}`;
      const form = streamStatusForm({ accountSid, callSid, stream, verb, event, error });
      void webhooks.post(verb.statusCallback, verb.statusCallbackMethod, form);
    };
    const stream = new MediaStream({
      url: verb.url,
      accountSid,
      authToken,
      callSid,
      parameters: verb.parameters,
      onStarted: (started) => {
        tell('stream-started');
        onStarted(started);
        onChange();
      },
      onMessage: (message) => this.#receive(message),
      onViolation: (violation) => {
        this.violations.push(violation);
        onChange();
      },
    });
    this.all.push(stream);
    void this.#watch(stream, tell);
    return stream;
  }

  async #watch(stream: MediaStream, tell: (event: string, problem?: Violation) => void): Promise<void> {
    const { error } = await stream.ended;
    if (error) this.#options.webhooks.problem(error.code, error.message);
    tell(error ? 'stream-error' : 'stream-stopped', error);
  }

  #receive(message: ToTwilio): void {
    if (message.event === 'media') {
      this.receivedAudio.messages++;
      this.receivedAudio.bytes += Buffer.byteLength(message.media.payload, 'base64');
      return;
    }
    this.received.push(message);
    if (message.event === 'clear') this.#options.onCleared();
    this.#options.onChange();
  }
}
