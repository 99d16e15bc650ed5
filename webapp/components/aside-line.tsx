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
          Owner had the agent say <q>{value}</q>
        </>
      );
    case 'guide':
      return (
        <>
          Owner told the agent <q>{value}</q>
        </>
      );
    case 'press':
      return (
        <>
          Owner pressed <Keys digits={value} />
        </>
      );
    case 'hold':
      return 'Owner had the agent stay quiet.';
    case 'resume':
      return 'Owner had the agent go on.';
    default:
      return `Owner: ${action.replaceAll('_', ' ')}`;
  }
}

function Keys({ digits }: { readonly digits: string }) {
  return <kbd className="rounded border border-edge px-2 py-0.5 font-mono text-ink">{digits}</kbd>;
}
