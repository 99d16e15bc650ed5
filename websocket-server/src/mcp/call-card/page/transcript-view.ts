import type { TranscriptEntry } from '../../transcript-entries.ts';
import { element, show } from './elements.ts';

const speakers: Readonly<Record<TranscriptEntry['role'], string>> = {
  user: 'Person',
  assistant: 'Agent',
  tool: 'Agent did',
};
/** Closer to the end than this, in px, the reader follows along. */
const followWithin = 40;

/** Adds the turns that are not there yet, each in its place: those that are there are not read out again. */
export function showTranscript(turns: readonly TranscriptEntry[]): void {
  const list = element('transcript');
  if (list.childElementCount === turns.length) return;
  const isFollowed = list.scrollHeight - list.scrollTop - list.clientHeight < followWithin;
  turns.forEach((turn, index) => {
    const key = `${turn.timestamp} ${turn.role} ${turn.content}`;
    const there = list.children[index];
    if (there instanceof HTMLElement && there.dataset['key'] === key) return;
    list.insertBefore(itemOf(turn, key), there ?? null);
  });
  show('transcript', turns.length > 0);
  if (isFollowed) list.scrollTop = list.scrollHeight;
}

function itemOf(turn: TranscriptEntry, key: string): HTMLElement {
  const item = document.createElement('li');
  item.dataset['key'] = key;
  item.dataset['role'] = turn.role;
  const speaker = document.createElement('span');
  speaker.className = 'speaker';
  speaker.textContent = speakers[turn.role];
  if (turn.role === 'tool') {
    // Arguments and answers are for the model; a person wants to know what was done.
    item.textContent = `${speakers.tool}: ${(turn.content.split(' ')[0] ?? '').replaceAll('_', ' ')}`;
    return item;
  }
  item.append(speaker, turn.interrupted ? `${turn.content} —` : turn.content);
  return item;
}
