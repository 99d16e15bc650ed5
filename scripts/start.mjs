// `npm start`: installs and builds what is missing, then becomes the server.
import { pathToFileURL } from 'node:url';
import { ensureBuilt, ensureInstalled, requireNode, serverMain } from './workspace.mjs';

requireNode();
ensureInstalled();
ensureBuilt();
process.argv = [
  process.execPath,
  serverMain,
  ...(process.argv.length > 2 ? process.argv.slice(2) : ['serve']),
];
await import(pathToFileURL(serverMain).href);
