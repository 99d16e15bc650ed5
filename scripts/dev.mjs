// `npm run dev`: server and web app from source, each restarting when its files change.
import { bin, ensureInstalled, requireNode, start } from './workspace.mjs';

requireNode();
ensureInstalled();
const children = [
  start(process.execPath, [bin('tsx'), 'watch', 'src/main.ts', 'serve'], { cwd: 'websocket-server' }),
  start(process.execPath, [bin('next'), 'dev', '--port', '3000'], { cwd: 'webapp' }),
];
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => children.forEach((child) => child.kill(signal)));
for (const child of children) {
  child.on('exit', (code) => {
    process.exitCode ??= code ?? 1;
    children.forEach((other) => other.kill('SIGTERM'));
  });
}
