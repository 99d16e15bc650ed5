import type { Row, Statement } from '../postgres/database.ts';

/** What the database's thread is started with. */
export interface WorkerSettings {
  /** The cluster's own directory, absolute. */
  readonly directory: string;
}

/** To the database's thread. Several statements make one transaction. */
export type DatabaseRequest =
  | { readonly type: 'run'; readonly id: number; readonly statements: readonly Statement[] }
  | { readonly type: 'close' };

/** From the database's thread. It exits after `closed`, and when it failed to open. */
export type DatabaseReply =
  | { readonly type: 'opened'; readonly isNew: boolean }
  | { readonly type: 'not-opened'; readonly message: string }
  | { readonly type: 'done'; readonly id: number; readonly results: readonly (readonly Row[])[] }
  | {
      readonly type: 'failed';
      readonly id: number;
      readonly message: string;
      readonly sqlState: string | null;
      readonly constraint: string | null;
    };
