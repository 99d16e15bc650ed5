import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{websocket-server,simulator,webapp,bench}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', '**/out/**', '**/.next/**'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
    expect: { poll: { timeout: 10_000 } },
  },
});
