// `npm run check`: types, lint and format.
import { ensureInstalled, requireNode } from './workspace.mjs';

requireNode();
ensureInstalled();
const { runChecks } = await import('./checks.mjs');
process.exit((await runChecks()).failed === 0 ? 0 : 1);
