import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NextConfig } from 'next';
import { PHASE_DEVELOPMENT_SERVER } from 'next/constants.js';
import { rolldown } from 'rolldown';

process.env.NEXT_TELEMETRY_DISABLED = '1';

const workspaceRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

const shared: NextConfig = {
  // The page folds call events with the server's own reducer, which lies beside this folder.
  turbopack: { root: workspaceRoot },
  trailingSlash: true,
  poweredByHeader: false,
  reactStrictMode: true,
};

/** A static export knows no dynamic path: `/calls/` is the one page for every call, here as on the server. */
const rewrites: NonNullable<NextConfig['rewrites']> = () =>
  Promise.resolve([{ source: '/calls/:callId/', destination: '/calls/' }]);

/** The audio thread's code is a file of its own, which the bundler of pages does not make. */
async function buildWorklets(): Promise<void> {
  const folder = path.dirname(fileURLToPath(import.meta.url));
  const built = await rolldown({ input: path.join(folder, 'phone/audio/worklets.ts'), platform: 'browser' });
  await built.write({
    file: path.join(folder, 'public/built/phone-worklets.js'),
    format: 'esm',
    minify: true,
  });
  await built.close();
}

export default async function config(phase: string): Promise<NextConfig> {
  await buildWorklets();
  return phase === PHASE_DEVELOPMENT_SERVER ? { ...shared, rewrites } : { ...shared, output: 'export' };
}
