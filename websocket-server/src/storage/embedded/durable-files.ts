import { constants, fdatasyncSync, fsyncSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';

/** The part of Emscripten's NODEFS that a sync goes through: `fsync()` in the C library calls `stream_ops.fsync`. */
interface NodeFilesModule {
  readonly NODEFS: { readonly stream_ops: { fsync?: (stream: OpenFile) => number } };
}

interface OpenFile {
  /** The descriptor in Node. */
  readonly nfd?: number;
  readonly node: { readonly mode: number };
}

/**
 * PGlite's files in a directory, with a working fsync. Emscripten's NODEFS has none, and PGlite starts
 * PostgreSQL with `-F`; with `durableStartParams` PostgreSQL syncs its log at each commit and its data at each
 * checkpoint, as on a server.
 */
export class DurableFiles extends NodeFS {
  override async init(...[pglite, options]: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const { emscriptenOpts } = await super.init(pglite, options);
    const addFsync = (module: unknown): void => {
      (module as NodeFilesModule).NODEFS.stream_ops.fsync = sync;
    };
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...preRunsOf(emscriptenOpts), addFsync] } };
  }
}

/** A file's times need not be safe, only its bytes and length: that takes two thirds of the time. */
function sync({ nfd, node }: OpenFile): number {
  if (nfd === undefined) return 0;
  const isFile = (node.mode & constants.S_IFMT) === constants.S_IFREG;
  if (isFile) fdatasyncSync(nfd);
  else fsyncSync(nfd);
  return 0;
}

type EmscriptenOptions = Awaited<ReturnType<NodeFS['init']>>['emscriptenOpts'];

function preRunsOf({
  preRun = [],
}: EmscriptenOptions): Extract<EmscriptenOptions['preRun'], readonly unknown[]> {
  return Array.isArray(preRun) ? preRun : [preRun];
}

export const durableStartParams: readonly string[] = [
  ...PGlite.defaultStartParams.filter((param) => param !== '-F'),
  // The default on Linux, fdatasync, does not come by here: Emscripten answers it without doing anything.
  '-c',
  'wal_sync_method=fsync',
  // The default of 128 MB is resident memory here; the operating system caches the files as well.
  '-c',
  'shared_buffers=16MB',
  // A file of the log that is used again would still hold what was written in it before, purged or not.
  '-c',
  'wal_recycle=off',
];
