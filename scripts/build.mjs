// `npm run build`: what `npm start` would build.
import { ensureBuilt, ensureInstalled, requireNode } from './workspace.mjs';

requireNode();
ensureInstalled();
ensureBuilt();
