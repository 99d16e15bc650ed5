import { defineConfig } from 'vitest/config';

// Calls run in real time, and on a busy machine a synthesised sentence may take a second to make.
export default defineConfig({ test: { testTimeout: 30_000, hookTimeout: 30_000, maxConcurrency: 20 } });
