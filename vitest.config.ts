import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import type { TestProjectInlineConfiguration } from 'vitest/config';
import { BaseSequencer } from 'vitest/node';
import type { TestSpecification } from 'vitest/node';

const cores = Math.min(4, Math.max(2, availableParallelism()));

/** They hold how long somebody waits or hears nothing, in milliseconds or a few seconds. */
const punctual = [
  'websocket-server/test/survival/*.test.ts',
  'websocket-server/test/stories/{barge-in,ends,model-faults,trust}.test.ts',
  'websocket-server/test/http-closing.test.ts',
  'simulator/test/media-stream.test.ts',
];
/** They tell calls in real time: they wait more than they compute. */
const calls = ['websocket-server/test/stories/*.test.ts', 'simulator/test/{calls,personas}.test.ts'];
/** They press in a browser what has to be pressed while a call goes on. */
const browser = ['webapp/test/*.test.ts'];
/** They pass at any pace. */
const patient = ['{websocket-server,simulator,webapp,bench}/**/*.test.ts'];

/**
 * What begins first: the long ones, since a long one that began last would be waited for alone. Of the punctual
 * ones, `restart` with its fifty calls runs beside those that are hardest to disturb.
 */
const order = [
  'survival/voice-model',
  'stories/model-faults',
  'stories/ends',
  'survival/slow-readers',
  'survival/media-stream',
  'survival/odd-messages',
  'survival/slow-carrier',
  'survival/watchers',
  'survival/health',
  'stories/barge-in',
  'simulator/test/media-stream',
  'survival/restart',
  'survival/two-servers',
  'survival/storage',
  'survival/crowd',
  'stories/trust',

  'stories/who-answered',
  'stories/phone-menus',
  'stories/conversations',
  'simulator/test/personas',
  'stories/log-privacy',
  'stories/hostile-callees',
  'stories/process',
  'stories/tracing',
  'stories/asking',
  'stories/recording',
  'stories/call-card',
  'stories/demo',
  'stories/owner',
  'simulator/test/calls',
  'stories/policy',
  'stories/isolation',

  'contracts/call-store',
  'test/conformance',
  'test/mcp-inspector',
  'test/setup-public-url',
  'contracts/backup',
  'contracts/carrier',
  'test/mcp-clients',
  'test/packaging',

  'webapp/test/hand-in-call',
  'webapp/test/journeys',
  'webapp/test/phone',
  'webapp/test/pages',
  'webapp/test/setup-settings',
];

class InOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const at = order.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
      return at === -1 ? order.length : at;
    };
    const group = ({ project }: TestSpecification) => project.config.sequence.groupOrder;
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => group(a) - group(b) || place(a) - place(b));
  }
}

function project(
  name: string,
  groupOrder: number,
  maxWorkers: number,
  files: { include: string[]; exclude?: string[] },
): TestProjectInlineConfiguration {
  const exclude = ['**/node_modules/**', '**/dist/**', '**/out/**', '**/.next/**', ...(files.exclude ?? [])];
  return {
    extends: true,
    test: { name, maxWorkers, include: files.include, exclude, sequence: { groupOrder } },
  };
}

export default defineConfig({
  test: {
    pool: 'forks',
    // No module keeps state, so the files of a worker can share what they load: loading it is a fifth of the work.
    isolate: false,
    // A worker takes the first file's number for all: a file that wants less says so in a `beforeAll`.
    maxConcurrency: 12,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
    expect: { poll: { timeout: 10_000 } },
    sequence: { sequencer: InOrder },
    projects: [
      project('punctual', 0, cores, { include: punctual }),
      project('calls', 1, cores, { include: calls, exclude: punctual }),
      project('patient', 2, cores, { include: patient, exclude: [...punctual, ...calls, ...browser] }),
      project('browser', 3, cores, { include: browser }),
    ],
  },
});
