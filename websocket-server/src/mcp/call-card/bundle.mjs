import { readFileSync } from 'node:fs';
import path from 'node:path';

/** @param {string} folder of this package */
export function callCardBundle(folder) {
  const page = path.join(folder, 'src/mcp/call-card/page');
  return {
    input: { 'call-card': path.join(page, 'main.ts') },
    platform: 'browser',
    plugins: [
      {
        name: 'call-card-page',
        generateBundle(_options, bundle) {
          const [script] = Object.values(bundle);
          const styles = readFileSync(path.join(page, 'page.css'), 'utf8').replace(/\s+/g, ' ');
          const code = script.code.replaceAll('</script', '<\\/script');
          const source = readFileSync(path.join(page, 'index.html'), 'utf8')
            .replace('<style></style>', () => `<style>${styles}</style>`)
            .replace('<script></script>', () => `<script type="module">${code}</script>`);
          for (const name of Object.keys(bundle)) delete bundle[name];
          this.emitFile({ type: 'asset', fileName: 'call-card.html', source });
        },
      },
    ],
  };
}

export const callCardOutput = { format: 'esm', minify: true };
