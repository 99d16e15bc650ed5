import type { ReactNode } from 'react';
import type { Aside, Happened } from '../live/call-story.ts';
import { nameWords, speakerWords } from './call-words.ts';
import { useShownNumber } from './hidden-numbers.ts';

/** Something that happened between turns: keys pressed, the owner taking a hand, a voicemail that picked up. */
export function AsideLine({ aside }: { readonly aside: Aside }) {
  const shown = useShownNumber();
  const isBad = aside.kind === 'happened' && grave.has(aside.what);
  return (
    <p className={`text-center text-sm break-words ${isBad ? 'font-medium text-bad' : 'text-muted'}`}>
      {contentOf(aside, shown)}
    </p>
  );
}

const grave: ReadonlySet<Happened> = new Set(['authority-breached', 'tool-refused', 'transfer-failed']);

function contentOf(aside: Aside, shown: (number: string) => string): ReactNode {
  switch (aside.kind) {
    case 'digits':
      return (
        <>
          {speakerWords[aside.by]} pressed <Keys digits={aside.digits} />
        </>
      );
    case 'happened':
      return aside.what === 'transfer-started'
        ? happenedWords[aside.what](shown(aside.detail ?? ''))
        : happenedWords[aside.what](aside.detail ?? '');
    case 'steered':
      return steeredWords(aside.action, aside.value ?? '');
  }
}

const answererWords: Readonly<Record<string, string>> = {
  human: 'A human picked up.',
  voicemail: 'A voicemail picked up.',
  menu: 'A phone menu picked up.',
  screening: 'The phone asks who is calling.',
  machine: 'A machine picked up.',
  fax: 'A fax picked up.',
};

const happenedWords: Record<Happened, (detail: string) => string> = {
  'answerer-identified': (who) => answererWords[who] ?? 'Nobody can tell who picked up.',
  'recording-started': () => 'The person has heard that the call is recorded; the recording begins.',
  'message-left': () => 'The message was left on the voicemail.',
  'transfer-started': (to) => `${to} is being rung, to take the call.`,
  'transfer-failed': () => 'Nobody took the call there: it comes back to the agent.',
  'call-transferred': () => 'The call was handed over: the agent has left it.',
  'number-barred': () => 'The person asked not to be called again: the number is on the do-not-call list.',
  'tool-refused': (name) => `The agent was not allowed to use ${nameWords(name)}.`,
  'authority-breached': (name) => `The agent told “${name}”, which it was never to tell.`,
};

function steeredWords(action: string, value: string): ReactNode {
  switch (action) {
    case 'say':
      return (
        <>
          Given to the agent to say: <q>{value}</q>
        </>
      );
    case 'guide':
      return (
        <>
          Told to the agent alone: <q>{value}</q>
        </>
      );
    case 'press':
      return (
        <>
          Pressed for the agent: <Keys digits={value} />
        </>
      );
    default:
      return plainActions[action] ?? `Done from outside: ${action.replaceAll('_', ' ')}`;
  }
}

const plainActions: Readonly<Record<string, string>> = {
  hold: 'The agent was told to stay quiet.',
  resume: 'The agent was told to go on.',
  take_over: 'The call was taken over: the agent is silent.',
  give_back: 'The call was given back to the agent.',
  transfer: 'The agent was told to hand the call over.',
  hang_up: 'The agent was told to say goodbye.',
};

function Keys({ digits }: { readonly digits: string }) {
  return <kbd className="rounded border border-edge px-2 py-0.5 font-mono text-ink">{digits}</kbd>;
}
