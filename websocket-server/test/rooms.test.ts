import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const source = path.join(root, 'websocket-server/src');

/** Which rooms a room may import from, besides itself. A registry is the `index.ts` of a room of ports. */
const mayImport: Record<string, readonly string[]> = {
  call: [],
  lib: [],
  carriers: ['call', 'lib', 'config'],
  'voice-models': ['call', 'lib', 'config'],
  storage: ['call', 'lib'],
  agent: ['call', 'lib', 'voice-models'],
  session: ['call', 'lib', 'agent', 'carriers', 'voice-models'],
  control: ['call', 'lib', 'agent', 'session', 'settings', 'carriers', 'voice-models', 'storage'],
  settings: ['call', 'lib', 'agent', 'storage'],
  checkup: ['lib', 'carriers', 'voice-models', 'settings', 'config'],
  mcp: ['call', 'lib', 'control', 'config'],
  http: ['call', 'lib', 'control', 'carriers', 'voice-models', 'checkup', 'settings', 'config'],
  tracing: ['call', 'lib', 'control'],
  config: ['lib'],
  cli: ['call', 'lib', 'control', 'checkup', 'config'],
  'app.ts': ['*'],
  'main.ts': ['*'],
};
const registries = new Set(['carriers/index.ts', 'voice-models/index.ts', 'storage/index.ts']);
const roomsOfPorts = new Set(['carriers', 'voice-models', 'storage']);

const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => file.split(path.sep).join('/'));

function importsOf(file: string): string[] {
  const text = readFileSync(path.join(source, file), 'utf8');
  const found = text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g);
  return [...found].map(([, specifier = '']) => specifier);
}

function roomOf(file: string): string {
  return file.split('/')[0] ?? file;
}

/** Own files that `file` imports, as paths below `src`. */
function ownImportsOf(file: string): string[] {
  return importsOf(file)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => path.posix.normalize(path.posix.join(path.posix.dirname(file), specifier)));
}

describe('imports point down', () => {
  test.each(files)('%s imports only from rooms below its own', (file) => {
    const allowed = mayImport[roomOf(file)];
    expect(allowed, `${roomOf(file)} is a room that nobody has placed`).toBeDefined();
    const above = ownImportsOf(file).filter((imported) => {
      const room = roomOf(imported);
      return room !== roomOf(file) && !allowed?.includes(room) && !allowed?.includes('*');
    });
    expect(above).toEqual([]);
  });
});

test('only the app sees registries', () => {
  const curious = files.filter(
    (file) => file !== 'app.ts' && ownImportsOf(file).some((imported) => registries.has(imported)),
  );
  expect(curious).toEqual([]);
});

test('only a registry sees the implementations of its port', () => {
  const curious = files.flatMap((file) =>
    ownImportsOf(file)
      .filter((imported) => roomsOfPorts.has(roomOf(imported)) && imported.split('/').length > 2)
      .filter((imported) => !registries.has(file) || roomOf(imported) !== roomOf(file))
      .filter((imported) => !(roomOf(file) === roomOf(imported) && file.split('/').length > 2))
      .map((imported) => `${file} → ${imported}`),
  );
  expect(curious).toEqual([]);
});

test('what a call is needs neither Node nor a package, since the web app shares it', () => {
  const outside = files
    .filter((file) => roomOf(file) === 'call')
    .flatMap((file) => importsOf(file).filter((specifier) => !specifier.startsWith('./')));
  expect(outside).toEqual([]);
});

test('no word of a carrier or a model leaves its folder', () => {
  const wire = /streamSid|callSid|CallSid|item_id|response\.create|input_audio_buffer/;
  const leaks = files.filter(
    (file) =>
      !file.startsWith('carriers/twilio/') &&
      !file.startsWith('voice-models/openai-realtime/') &&
      wire.test(readFileSync(path.join(source, file), 'utf8')),
  );
  expect(leaks).toEqual([]);
});

test('who the carrier is, only settings, prices and set-up advice know', () => {
  // Where settings are read and checked, the operator is told their names; a price belongs to somebody.
  const mayName =
    /^(config\/.*|main\.ts|app\.ts|carriers\/.*|cli\/banner\.ts|checkup\/mode-check\.ts|control\/price-table\.ts)$/;
  const words = /[Tt]wilio|TWILIO|[Tt]wi[Mm][Ll]|\b(?:Account|Call|Stream)Sid\b|\bCallStatus\b/;
  const pages = readdirSync(path.join(root, 'webapp'), { recursive: true, encoding: 'utf8' })
    .map((file) => file.split(path.sep).join('/'))
    .filter((file) => /^(?:app|components|live|phone)\/.*(?<!\.test)\.tsx?$/.test(file));
  const named = [
    ...files.filter(
      (file) => !mayName.test(file) && words.test(readFileSync(path.join(source, file), 'utf8')),
    ),
    ...pages.filter((file) => words.test(readFileSync(path.join(root, 'webapp', file), 'utf8'))),
  ];
  expect(named).toEqual([]);
});

test('only main reads the environment, the system clock and the network', () => {
  const world = /process\.env|Date\.now\(|(?<!\.)setTimeout\(|(?<!typeof )globalThis\.fetch/;
  // Part of the process as main is: what it shows on a terminal, its worker threads, its database driver. The page
  // of the call card runs in a browser.
  const processEdge =
    /^(main\.ts|cli\/.*|mcp\/call-card\/page\/.*|lib\/system-runtime\.ts|.*-worker\.ts|storage\/server\/.*)$/;
  const readers = files.filter(
    (file) => !processEdge.test(file) && world.test(readFileSync(path.join(source, file), 'utf8')),
  );
  expect(readers).toEqual([]);
});

test('the simulator and the server know nothing of each other but the door where demo mode starts it', () => {
  const simulator = path.join(root, 'simulator/src');
  const texts = readdirSync(simulator, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const curious = texts.filter((file) =>
    readFileSync(path.join(simulator, file), 'utf8').includes('websocket-server'),
  );
  expect(curious).toEqual([]);
  const openers = files.filter((file) =>
    importsOf(file).some((specifier) => specifier.includes('simulator') && !specifier.startsWith('./')),
  );
  expect(openers.filter((file) => file !== 'main.ts')).toEqual([]);
});
