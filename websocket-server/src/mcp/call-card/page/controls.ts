import { isOver } from './card-state.ts';
import type { CardState } from './card-state.ts';
import { element, show, tell } from './elements.ts';
import type { ServerTools } from './server-tools.ts';

export interface ControlsOptions {
  readonly stateOf: () => CardState;
  readonly use: ServerTools['use'];
  /** Told what the user has done. */
  readonly did: (text: string) => void;
  readonly openPage: (url: string) => void;
}

const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];

/** Makes the card's forms and buttons do what they say. */
export function listenToControls({ stateOf, use, did, openPage }: ControlsOptions): void {
  let isHeld = false;
  let hangsUpPolitely = true;

  /** Carries out one thing, and shows what the server says to it. @returns whether it was done */
  async function act(tool: 'answer' | 'control' | 'cancel', args: Record<string, unknown>): Promise<boolean> {
    const { callId } = stateOf();
    if (callId === null) return false;
    try {
      const told = await use(tool, { callId, ...args });
      tell('note', 'message' in told ? String(told.message) : '');
      return true;
    } catch (error) {
      tell('note', error instanceof Error ? error.message : String(error));
      return false;
    }
  }

  const answer = element('answer', HTMLInputElement);
  async function giveAnswer(): Promise<void> {
    const questionId = stateOf().report?.question?.questionId;
    const words = answer.value.trim();
    if (questionId === undefined || words === '') return;
    if (!(await act('answer', { questionId, answer: words }))) return;
    show('question', false);
    did(`The user has answered the agent's question: ${words}`);
  }
  element('question').addEventListener('submit', (event) => {
    event.preventDefault();
    void giveAnswer();
  });

  const say = element('say', HTMLInputElement);
  async function tellAgent(action: string): Promise<void> {
    const value = say.value.trim();
    if (value !== '' && (await act('control', { action, value }))) say.value = '';
  }
  element('words').addEventListener('submit', (event) => {
    event.preventDefault();
    const { submitter } = event;
    void tellAgent(submitter instanceof HTMLButtonElement ? submitter.value : 'say');
  });

  for (const key of keys) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = key;
    button.addEventListener('click', () => void act('control', { action: 'press', value: key }));
    element('keys').append(button);
  }
  const openKeys = element('open-keys');
  openKeys.addEventListener('click', () => {
    const isOpen = openKeys.getAttribute('aria-expanded') === 'true';
    openKeys.setAttribute('aria-expanded', String(!isOpen));
    show('keys', !isOpen);
  });

  const hold = element('hold');
  async function holdOrResume(): Promise<void> {
    if (!(await act('control', { action: isHeld ? 'resume' : 'hold' }))) return;
    isHeld = !isHeld;
    hold.setAttribute('aria-pressed', String(isHeld));
    hold.textContent = isHeld ? 'Resume' : 'Hold';
  }
  hold.addEventListener('click', () => void holdOrResume());

  const hangUp = element('hang-up');
  async function end(): Promise<void> {
    if (isOver(stateOf())) return;
    const isPolite = hangsUpPolitely && stateOf().report?.state === 'connected';
    const isDone = isPolite ? act('control', { action: 'hang_up' }) : act('cancel', {});
    if (!(await isDone)) return;
    did('The user has ended the call.');
    // The goodbye takes a moment; who presses again does not want to wait for it.
    hangsUpPolitely = false;
    hangUp.textContent = 'Hang up now';
  }
  hangUp.addEventListener('click', () => void end());

  element('open-page').addEventListener('click', () => {
    const url = stateOf().report?.url;
    if (url !== undefined) openPage(url);
  });
}
