import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import path from 'node:path';

const out = path.resolve(import.meta.dirname, '../out');
const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
};

/** Serves the export as the server does: one page for every call, and no script but its own. */
export function serveExportedPage(pathname: string, response: ServerResponse): void {
  const asked = /^\/calls\/[^/]+\/?$/.test(pathname) ? '/calls/' : pathname;
  const file = path.join(out, asked.endsWith('/') ? `${asked}index.html` : asked);
  if (!file.startsWith(out) || !existsSync(file)) {
    response.writeHead(404).end();
    return;
  }
  const body = readFileSync(file);
  const extension = path.extname(file);
  response.writeHead(200, {
    'content-type': contentTypes[extension] ?? 'application/octet-stream',
    ...(extension === '.html' ? { 'content-security-policy': contentPolicy(body.toString()) } : {}),
  });
  response.end(body);
}

function contentPolicy(html: string): string {
  const hashes = [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(
    ([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  );
  return `default-src 'self'; script-src 'self' ${hashes.join(' ')}; style-src 'self' 'unsafe-inline'; media-src 'self' blob:; base-uri 'none'`;
}
