import { createHash } from 'node:crypto';

const common = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
];

/** For whatever is not a page: should it ever be shown as one, nothing in it runs. */
export const noPagePolicy = "default-src 'none'; frame-ancestors 'none'";

/** The Content-Security-Policy of a page: of inline scripts only those run that the page was built with. */
export function pagePolicy(html: string): string {
  const hashes = inlineScripts(html).map((script) => `'sha256-${sha256(script)}'`);
  return [...common, ["script-src 'self'", ...new Set(hashes)].join(' ')].join('; ');
}

function inlineScripts(html: string): readonly string[] {
  return [...html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script\s*>/gi)]
    .filter(([, attributes, script]) => !/\ssrc\s*=/i.test(attributes ?? '') && script !== '')
    .map(([, , script]) => script ?? '');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
