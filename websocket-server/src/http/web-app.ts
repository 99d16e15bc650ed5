import { readFile, readdir } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { answerError } from './error-reply.ts';
import { noPagePolicy, pagePolicy } from './page-policy.ts';

/** Exported pages that stand for any call; the page reads the id from its address. */
const callPages = ['call/index.html', 'calls/index.html'];

/**
 * Mounts the exported web app at `/`, and answers whatever nobody else serves. Without an export, `/` says
 * how to build one.
 *
 * @param folder static export of the web app, one `index.html` per address
 */
export async function mountWebApp(app: FastifyInstance, folder: string): Promise<void> {
  const root = resolve(folder);
  const pages = await readPages(root);
  const notFoundPage = pages.get(join(root, '404.html'));
  app.setNotFoundHandler((request, reply) => {
    const isForPerson = request.method === 'GET' && request.headers.accept?.includes('text/html') === true;
    if (notFoundPage === undefined || !isForPerson) return answerError(reply, { statusCode: 404 });
    return sendPage(reply.code(404), notFoundPage);
  });
  if (pages.size === 0) {
    const html = notBuiltPage();
    app.get('/', async (_request, reply) => sendPage(reply, html));
    return;
  }

  const policies = new Map([...pages].map(([path, html]) => [path, pagePolicy(html)]));
  await app.register(fastifyStatic, {
    root,
    cacheControl: false,
    dotfiles: 'ignore',
    setHeaders(reply, path) {
      const isNamedByContent = path.startsWith(join(root, '_next', 'static') + sep);
      reply.header('cache-control', isNamedByContent ? 'public, max-age=31536000, immutable' : 'no-cache');
      reply.header('content-security-policy', policies.get(path) ?? noPagePolicy);
    },
  });
  for (const path of pages.keys()) {
    const page = relative(root, path).split(sep).join('/');
    const [, name] = /^([\w-]+)\/index\.html$/.exec(page) ?? [];
    if (name !== undefined) app.get(`/${name}`, async (_request, reply) => reply.sendFile(page));
  }
  const callPage = callPages.find((page) => pages.has(join(root, page)));
  if (callPage === undefined) return;
  app.get('/calls/:callId(^[\\w-]+$)', async (_request, reply) => reply.sendFile(callPage));
}

/** All pages of an export by path; empty when there is no such folder. */
async function readPages(root: string): Promise<ReadonlyMap<string, string>> {
  const names = await readdir(root, { recursive: true }).catch(() => []);
  const paths = names.filter((name) => name.endsWith('.html')).map((name) => join(root, name));
  return new Map(await Promise.all(paths.map(async (path) => [path, await readFile(path, 'utf8')] as const)));
}

function sendPage(reply: FastifyReply, html: string): FastifyReply {
  return reply
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-cache')
    .header('content-security-policy', pagePolicy(html))
    .send(html);
}

function notBuiltPage(): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>MCP Telephone</title>
<style>body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem }</style>
<h1>MCP Telephone is running</h1>
<p>The server answers MCP at <code>/mcp</code>, but its web app has not been built.</p>
<p>Run <code>npm run build</code> in the repository's root and start the server again.
<code>npm start</code> there does both.</p>
</html>
`;
}
