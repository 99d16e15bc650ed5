import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NextConfig } from 'next';
import { PHASE_DEVELOPMENT_SERVER } from 'next/constants.js';

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

export default function config(phase: string): NextConfig {
  return phase === PHASE_DEVELOPMENT_SERVER ? { ...shared, rewrites } : { ...shared, output: 'export' };
}
