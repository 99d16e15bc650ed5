import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{live,components,phone}/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: ['test/build-export.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
