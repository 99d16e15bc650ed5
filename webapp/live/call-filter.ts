import { isEnded } from '../../websocket-server/src/call/call.ts';
import type { Call, Direction } from '../../websocket-server/src/call/call.ts';

/** What of all calls is to be shown. */
export interface CallFilter {
  /** Words of the goal, or digits of the person's number. */
  readonly search: string;
  readonly state: StateFilter | '';
  readonly direction: Direction | '';
}

export type StateFilter = 'live' | 'completed' | 'failed' | 'canceled';

export const noFilter: CallFilter = { search: '', state: '', direction: '' };

const liveStates = 'queued,dialing,ringing,connected';

export function isNarrowed({ search, state, direction }: CallFilter): boolean {
  return search.trim() !== '' || state !== '' || direction !== '';
}

/** The filter as the server's list takes it. */
export function filterQuery({ search, state, direction }: CallFilter): Readonly<Record<string, string>> {
  return {
    ...(search.trim() === '' ? {} : { search: search.trim() }),
    ...(state === '' ? {} : { state: state === 'live' ? liveStates : state }),
    ...(direction === '' ? {} : { direction }),
  };
}

/** Whether a call is one of those, as the server would say. */
export function isWanted(call: Call, { search, state, direction }: CallFilter): boolean {
  if (direction !== '' && call.direction !== direction) return false;
  if (state === 'live' ? isEnded(call) : state !== '' && call.state !== state) return false;
  const words = search.trim().toLowerCase();
  if (words === '' || call.errand.goal.toLowerCase().includes(words)) return true;
  const digits = words.replaceAll(/[^\d+]/g, '');
  const number = call.direction === 'outbound' ? call.to : call.from;
  return /^[\d+ ().-]+$/.test(words) && digits !== '' && number.includes(digits);
}
