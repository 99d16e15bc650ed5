import { InMemoryServerEventBus } from '@modelcontextprotocol/server';
import type { ServerEventBus } from '@modelcontextprotocol/server';
import type { CallEvent } from '../../call/call-event.ts';
import type { CallControl } from '../../control/call-control.ts';
import type { Log } from '../../lib/log.ts';
import type { Clock } from '../../lib/runtime.ts';
import { callUri } from './call-uris.ts';

/** Shortest time between two updates of one resource, in ms: words come faster than anybody re-reads. */
export const updateEveryMs = 250;

const rewatchMs = 1000;

/** Events that leave a call's report as it is. Any other changes it, those that this door does not know too. */
const leavesReport: ReadonlySet<CallEvent['type']> = new Set([
  'media-stream-opened',
  'media-stream-closed',
  'voice-session-opened',
  'turn-started',
  'turn-ended',
  'barge-in',
  'digits-pressed',
  'tool-called',
  'tool-answered',
]);
const changesWords: ReadonlySet<CallEvent['type']> = new Set(['turn-ended', 'tool-answered', 'call-ended']);
const changesList: ReadonlySet<CallEvent['type']> = new Set(['call-requested', 'call-arrived']);

export interface CallUpdates {
  /** Tells which resources have changed, each at most four times a second and the last time for certain. */
  readonly bus: ServerEventBus;
  stop(): void;
}

/** Follows all calls once, for every connection that wants to hear of resources. */
export function followCallUpdates(control: CallControl, clock: Clock, log: Log): CallUpdates {
  const bus = new InMemoryServerEventBus((err) => log.debug('mcp update not delivered', { err }));
  const resources = throttle(clock, (uri) => bus.publish({ kind: 'resource_updated', uri }));
  const lists = throttle(clock, () => bus.publish({ kind: 'resources_list_changed' }));
  let stopWatching = () => {};
  let stopRewatch = () => {};
  /** Position of the last event seen; undefined before the first one that is not history. */
  let lastPosition: number | undefined;

  function tell(event: CallEvent): void {
    if (changesList.has(event.type)) lists.changed('');
    if (changesWords.has(event.type)) resources.changed(callUri(event.callId, 'transcript'));
    if (!leavesReport.has(event.type)) resources.changed(callUri(event.callId, 'report'));
  }

  /** What was missed while nobody watched is told late; what was before is nobody's news. */
  function watch(): void {
    let isNews = lastPosition !== undefined;
    stopWatching = control.watch(
      { afterPosition: lastPosition, isPatient: true },
      {
        event: (event, position) => {
          lastPosition = position;
          if (isNews) tell(event);
        },
        hint: () => {},
        caughtUp: () => {
          isNews = true;
          lastPosition ??= 0;
        },
        isSlow: () => false,
        onDropped: () => {
          stopRewatch = clock.after(rewatchMs, watch);
        },
      },
    );
  }

  watch();
  return {
    bus,
    stop: () => {
      stopWatching();
      stopRewatch();
      resources.stop();
      lists.stop();
    },
  };
}

/** Tells the first change of each key at once, and further ones together when the time is up. */
function throttle(clock: Clock, tell: (key: string) => void) {
  const resting = new Map<string, { isChanged: boolean; readonly wake: () => void }>();

  function rest(key: string): void {
    const wake = clock.after(updateEveryMs, () => {
      const rested = resting.get(key);
      resting.delete(key);
      if (rested?.isChanged) changed(key);
    });
    resting.set(key, { isChanged: false, wake });
  }

  function changed(key: string): void {
    const rested = resting.get(key);
    if (rested !== undefined) {
      rested.isChanged = true;
      return;
    }
    rest(key);
    tell(key);
  }

  return {
    changed,
    stop: () => {
      for (const { wake } of resting.values()) wake();
      resting.clear();
    },
  };
}
