/**
 * What is asked, at one of several servers on a database, of the one that holds a call. A request that is not carried
 * out soon is none any more: whoever asked has been told so.
 */
export interface HolderRequests {
  /** Leaves a request for whichever server holds the call. */
  leave(request: HolderRequest): Promise<void>;
  /** Requests for calls of this server, each given once. */
  take(): Promise<readonly HolderRequest[]>;
  /** Answers a request that was taken. */
  reply(requestId: string, reply: string): Promise<void>;
  /** What was answered; null for nothing yet. */
  replyTo(requestId: string): Promise<string | null>;
  /** Drops a request and what was answered: nobody takes it from here on. @returns whether it had been taken */
  drop(requestId: string): Promise<boolean>;
}

export interface HolderRequest {
  readonly requestId: string;
  readonly callId: string;
  /** JSON that the store does not look into. */
  readonly order: string;
}
