import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { pagePolicy } from './page-policy.ts';

function hash(script: string): string {
  return `'sha256-${createHash('sha256').update(script).digest('base64')}'`;
}

function scriptSources(html: string): string | undefined {
  return pagePolicy(html)
    .split('; ')
    .find((directive) => directive.startsWith('script-src'));
}

test('only the inline scripts of a page may run in it, byte for byte', () => {
  const html = `<script src="/a.js"></script><script>one()</script>
    <SCRIPT id="x" nonce="">two( "</p>" )\n</SCRIPT ><script async="" src='/b.js'></script><script></script>`;
  expect(scriptSources(html)).toBe(`script-src 'self' ${hash('one()')} ${hash('two( "</p>" )\n')}`);
});

test('a script that occurs twice is named once', () => {
  expect(scriptSources('<script>a</script><script>a</script>')).toBe(`script-src 'self' ${hash('a')}`);
});

test('a script with a data-src attribute counts as inline', () => {
  expect(scriptSources('<script data-src="x">a</script>')).toBe(`script-src 'self' ${hash('a')}`);
});

test('no page may be framed', () => {
  expect(pagePolicy('')).toContain("frame-ancestors 'none'");
});
