// `npm run bench -- [options]`: load on the built server, next to two yardsticks.
import { bin, ensureBuilt, ensureInstalled, requireNode, start } from './workspace.mjs';

requireNode();
ensureInstalled();
ensureBuilt();
const bench = start(process.execPath, [bin('tsx'), 'bench/src/main.ts', ...process.argv.slice(2)], {});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => bench.kill(signal));
bench.on('exit', (code) => process.exit(code ?? 1));
