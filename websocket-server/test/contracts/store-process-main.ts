import { writeSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { silentLog } from '../../src/lib/log.ts';
import { openCallStore } from '../../src/storage/index.ts';
import type { CallStoreSettings } from '../../src/storage/index.ts';
import { CallStory, ended, requested, said } from './call-store-story.ts';

/**
 * `write`: tells calls until killed, and prints `<callId> <sequence>` as soon as that much is acknowledged.
 * `open`: opens the store and closes it; prints `opened`, or the error's code and sentence.
 */
export type StoreTask = 'write' | 'open';

/** At once and unbuffered: a line printed is a promise made, even if the next instruction is never run. */
function print(line: string): void {
  writeSync(1, `${line}\n`);
}

const [, , task, settings = '{}'] = process.argv;
const where = JSON.parse(settings) as Omit<CallStoreSettings, 'log'>;

try {
  const store = await openCallStore({ ...where, log: silentLog });
  if (task === 'open') {
    print('opened');
    await store.close();
  } else {
    for (;;) {
      const story = new CallStory(`call-${randomUUID()}`, Date.now());
      const acknowledged = () => print(`${story.callId} ${story.call.sequence}`);
      await story.tell(store, requested(), { type: 'dialing-started', carrier: 'twilio' });
      acknowledged();
      for (let turn = 1; turn <= 5; turn += 1) {
        await story.tell(store, said(`turn-${turn}`, 'x'.repeat(turn * 100)));
        acknowledged();
      }
      await story.tell(store, ended('completed', Date.now()));
      acknowledged();
    }
  }
} catch (error) {
  const { code, message } = error as { code?: string; message: string };
  print(`${code}: ${message}`);
  process.exitCode = 1;
}
