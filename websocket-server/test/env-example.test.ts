import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readConfig } from '../src/config/read-config.ts';
import { InvalidConfig } from '../src/lib/config-problems.ts';

const file = fileURLToPath(new URL('../../.env.example', import.meta.url));

/** Read by the OpenTelemetry packages themselves. */
const ofOthers = /^OTEL_/;
/** Settings under which every other one is looked at. */
const environments: readonly Readonly<Record<string, string>>[] = [
  {},
  {
    TWILIO_ACCOUNT_SID: 'AC1',
    TWILIO_AUTH_TOKEN: 'token',
    OPENAI_API_KEY: 'key',
    PUBLIC_URL: 'https://a.example',
  },
  { OAUTH_ISSUER: 'https://issuer.example', PUBLIC_URL: 'https://a.example' },
];

/** The variables that the configuration asks an environment for. */
function variablesRead(): ReadonlySet<string> {
  const asked = new Set<string>();
  for (const environment of environments) {
    const spied = new Proxy(environment, {
      get(target, name) {
        if (typeof name === 'string') asked.add(name);
        return Reflect.get(target, name) as unknown;
      },
    });
    try {
      readConfig(spied);
    } catch (error) {
      if (!(error instanceof InvalidConfig)) throw error;
    }
  }
  return asked;
}

test('.env.example and the configuration name the same variables', async () => {
  const text = await readFile(file, 'utf8');
  const named = [...text.matchAll(/^#?([A-Z][A-Z0-9_]*)=/gm)].map(([, name = '']) => name);
  const read = variablesRead();
  expect({
    'read by the configuration, but missing in .env.example': [...read].filter(
      (name) => !named.includes(name),
    ),
    'in .env.example, but read by nobody': named.filter((name) => !read.has(name) && !ofOthers.test(name)),
    'twice in .env.example': named.filter((name, index) => named.indexOf(name) < index),
  }).toEqual({
    'read by the configuration, but missing in .env.example': [],
    'in .env.example, but read by nobody': [],
    'twice in .env.example': [],
  });
});

test('.env.example as it is changes nothing', async () => {
  const lines = (await readFile(file, 'utf8')).split('\n');
  expect(lines.filter((line) => line !== '' && !line.startsWith('#'))).toEqual([]);
});
