import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { TelephoneError } from '../lib/errors.ts';
import { isRecord } from '../lib/is-record.ts';

/** A server that is asked over its API. */
export interface AskedServer {
  readonly origin: string;
  readonly token: string | undefined;
}

export const keepingCommands = ['purge', 'export', 'backup'] as const;
export type KeepingCommand = (typeof keepingCommands)[number];

/** What one of these commands is to do; undefined when it cannot be understood. */
export type KeepingWish =
  | { readonly command: 'purge'; readonly callId: string | undefined; readonly number: string | undefined }
  | { readonly command: 'export'; readonly query: URLSearchParams; readonly file: string }
  | { readonly command: 'backup'; readonly file: string };

export function keepingWish(command: KeepingCommand, args: readonly string[]): KeepingWish | undefined {
  const given = parsedArgs(args);
  if (given === undefined) return undefined;
  const { values, positionals } = given;
  const { call, number, since, out, recordings } = values;
  switch (command) {
    case 'purge':
      if (positionals.length > 0 || (call === undefined) === (number === undefined)) return undefined;
      return { command, callId: call, number };
    case 'export': {
      if (positionals.length > 0 || out === undefined) return undefined;
      const query = new URLSearchParams();
      for (const [name, value] of Object.entries({ callId: call, number, since })) {
        if (value !== undefined) query.set(name, value);
      }
      if (recordings === true) query.set('recordings', 'true');
      return { command, query, file: out };
    }
    case 'backup': {
      const [file] = positionals;
      return file === undefined || positionals.length > 1 ? undefined : { command, file };
    }
  }
}

/** Which file to restore; undefined when that cannot be understood. */
export function restoreWish(
  args: readonly string[],
): { readonly file: string; readonly force: boolean } | undefined {
  const given = parsedArgs(args);
  const [file] = given?.positionals ?? [];
  if (given === undefined || file === undefined || given.positionals.length > 1) return undefined;
  return { file, force: given.values.force === true };
}

function parsedArgs(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        call: { type: 'string' },
        number: { type: 'string' },
        since: { type: 'string' },
        out: { type: 'string' },
        recordings: { type: 'boolean' },
        force: { type: 'boolean' },
      },
    });
  } catch {
    return undefined;
  }
}

/** @returns what to tell. @throws TelephoneError */
export async function keep(wish: KeepingWish, server: AskedServer): Promise<string> {
  switch (wish.command) {
    case 'purge': {
      const { callId, number } = wish;
      const response =
        callId === undefined
          ? await ask(server, 'POST', '/api/purge', { number })
          : await ask(server, 'DELETE', `/api/calls/${encodeURIComponent(callId)}`);
      const { calls, recordings, stays } = (await response.json()) as {
        calls: number;
        recordings: number;
        stays: string[];
      };
      return [`Removed for good: calls ${calls}, recordings ${recordings}.`, ...stays].join('\n');
    }
    case 'export': {
      const response = await ask(server, 'GET', `/api/export?${wish.query.toString()}`);
      const last = await write(response, wish.file);
      if (!last.includes('"kind":"end"')) throw cutOff(wish.file);
      return `Written to ${wish.file}.`;
    }
    case 'backup': {
      await write(await ask(server, 'GET', '/api/backup'), wish.file);
      return `Backed up to ${wish.file}: all that is in the database, and the recordings. Keep your .env beside it; it is not in there.`;
    }
  }
}

async function ask(server: AskedServer, method: string, path: string, body?: object): Promise<Response> {
  const { origin, token } = server;
  const response = await fetch(`${origin}${path}`, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (response.ok) return response;
  const answer: unknown = await response.json().catch(() => undefined);
  const error = isRecord(answer) && isRecord(answer['error']) ? answer['error'] : {};
  const message =
    typeof error['message'] === 'string'
      ? error['message']
      : `The server answered HTTP status ${response.status}.`;
  throw new TelephoneError('server-refused', message);
}

/** Under its name only when it is complete and on the disk. @returns the end of it, as text */
async function write(response: Response, file: string): Promise<string> {
  const unfinished = `${file}.part`;
  let last = Buffer.alloc(0);
  try {
    const body = Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]);
    body.on('data', (part: Buffer) => (last = Buffer.concat([last, part]).subarray(-200)));
    await pipeline(body, createWriteStream(unfinished, { mode: 0o600 }));
    const written = await open(unfinished, 'r+');
    await written.sync();
    await written.close();
    await rename(unfinished, file);
    return last.toString('utf8');
  } catch (error) {
    await rm(unfinished, { force: true });
    throw new TelephoneError(
      'not-written',
      `${file} was not written: ${reasonOf(error)}`,
      {},
      { cause: error },
    );
  }
}

function cutOff(file: string): TelephoneError {
  return new TelephoneError('not-written', `${file} is not complete: the server broke off. Try again.`);
}

function reasonOf(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  if (code === 'ENOENT') return 'there is no such folder.';
  if (code === 'EACCES') return 'that folder may not be written to.';
  return error instanceof Error && error.message === 'terminated'
    ? 'the server broke off. Try again.'
    : String(error instanceof Error ? error.message : error);
}
