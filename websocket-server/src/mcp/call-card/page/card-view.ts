import type { CallReport } from '../../call-report.ts';
import { clockWords, isOver } from './card-state.ts';
import type { CardState } from './card-state.ts';
import { element, show, tell } from './elements.ts';
import { showTranscript } from './transcript-view.ts';

const stateWords: Readonly<Record<CallReport['state'], string>> = {
  queued: 'Queued',
  dialing: 'Dialing',
  ringing: 'Ringing',
  connected: 'On the line',
  completed: 'Ended',
  failed: 'Not reached',
  canceled: 'Canceled',
};

/** Shows a card as it stands. */
export function showCard(state: CardState): void {
  const { report, goal, trouble } = state;
  tell('trouble', trouble);
  tell('goal', goal);
  if (report === null) {
    if (trouble !== null) showState('failed', 'No call');
    return;
  }
  showState(report.state, stateWords[report.state]);
  tell('who', report.direction === 'outbound' ? `Call to ${report.to}` : `Call from ${report.from}`);
  tell('duration', report.duration > 0 || report.state === 'connected' ? clockWords(report.duration) : null);
  showTranscript(state.turns);
  showQuestion(report);
  showOutcome(report);
  show('controls', !isOver(state));
  if (isOver(state)) tell('note', null);
  for (const id of ['words', 'open-keys', 'hold']) show(id, report.state === 'connected');
  if (report.state !== 'connected') show('keys', false);
}

/** Leaves one line of the card, and a way to open it. */
export function showFolded(isFolded: boolean): void {
  show('show', isFolded);
  show('call', !isFolded);
}

function showState(state: CallReport['state'], words: string): void {
  element('state').dataset['state'] = state;
  // Told to screen readers when it changes, and not with every look.
  if (element('state-words').textContent !== words) tell('state-words', words);
}

function showQuestion({ question }: CallReport): void {
  const form = element('question');
  const isNew = question !== null && form.dataset['questionId'] !== question.questionId;
  show('question', question !== null);
  if (question === null) return;
  form.dataset['questionId'] = question.questionId;
  const left = (Date.parse(question.expiresAt) - Date.now()) / 1000;
  tell('question-left', `${clockWords(left)} left`);
  if (!isNew) return;
  tell('question-words', question.question);
  element('answer', HTMLInputElement).value = '';
}

function showOutcome({ result, endReason }: CallReport): void {
  show('outcome', endReason !== null);
  if (endReason === null) return;
  element('summary').textContent = result?.summary ?? '';
  element('end').textContent = endReason.message;
  const facts = Object.entries(result?.entities ?? {}).filter(([, { value }]) => value !== null);
  element('facts').replaceChildren(
    ...facts.flatMap(([name, { value, status }]) => {
      const term = document.createElement('dt');
      term.textContent = name.replaceAll('_', ' ');
      const fact = document.createElement('dd');
      fact.textContent =
        status === 'stated' ? String(value) : `${String(value)} (${status.replace('_', ' ')})`;
      return [term, fact];
    }),
  );
}
