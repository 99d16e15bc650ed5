import type { Aside } from '../live/call-story.ts';
import { speakerWords } from './call-words.ts';

/** Something that happened between turns: keys pressed, or the owner taking a hand. */
export function AsideLine({ aside }: { readonly aside: Aside }) {
  return <p className="text-center text-sm break-words text-muted">{contentOf(aside)}</p>;
}

function contentOf(aside: Aside) {
  switch (aside.kind) {
    case 'digits':
      return (
        <>
          {speakerWords[aside.by]} pressed <Keys digits={aside.digits} />
        </>
      );
    case 'transferred':
      return 'The call was handed over to its owner.';
    case 'steered':
      return steeredWords(aside.action, aside.value ?? '');
  }
}

function steeredWords(action: string, value: string) {
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
    case 'hold':
      return 'The agent was told to stay quiet.';
    case 'resume':
      return 'The agent was told to go on.';
    default:
      return `Done from outside: ${action.replaceAll('_', ' ')}`;
  }
}

function Keys({ digits }: { readonly digits: string }) {
  return <kbd className="rounded border border-edge px-2 py-0.5 font-mono text-ink">{digits}</kbd>;
}
