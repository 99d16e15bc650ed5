import type { Outcome, OutcomeEntity } from '../../websocket-server/src/call/outcome.ts';
import type { Transcript } from '../../websocket-server/src/call/transcript.ts';
import { entityWords, nameWords, outcomeWords } from './call-words.ts';
import { usePlayback } from './playback/playback.tsx';
import { quotedTurn } from './quoted-turn.ts';
import { Tag } from './tag.tsx';
import { goToTurn } from './turn-place.ts';

/** What came of the goal, each value with the words that carry it. */
export function OutcomeCard({
  outcome,
  transcript,
}: {
  readonly outcome: Outcome;
  readonly transcript: Transcript;
}) {
  const entities = Object.entries(outcome.entities);
  return (
    <section aria-labelledby="outcome" className="card p-4">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 id="outcome" className="font-semibold">
          Outcome
        </h2>
        <Tag {...outcomeWords[outcome.status]} />
      </div>
      <p dir="auto" className="mt-2 wrap-anywhere">
        {outcome.summary}
      </p>
      {entities.length > 0 && (
        <dl className="mt-3 grid grid-cols-1 gap-3 border-t border-line pt-3">
          {entities.map(([name, entity]) => (
            <div key={name}>
              <dt className="flex flex-wrap items-center justify-between gap-2 text-sm text-muted">
                <span className="first-letter:uppercase">{nameWords(name)}</span>
                {entity.status !== 'stated' && <Tag {...entityWords[entity.status]} />}
              </dt>
              <dd dir="auto" className="font-medium wrap-anywhere">
                {valueWords(entity.value)}
              </dd>
              {entity.quote !== null && (
                <dd dir="auto" className="text-sm wrap-anywhere">
                  <Quote entity={entity} transcript={transcript} />
                </dd>
              )}
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}

function Quote({ entity, transcript }: { readonly entity: OutcomeEntity; readonly transcript: Transcript }) {
  const { playerOf } = usePlayback();
  const turnId = quotedTurn(transcript, entity);
  if (turnId === undefined) return <q className="text-muted">{entity.quote}</q>;
  const play = playerOf(turnId);
  return (
    <button
      type="button"
      className="cursor-pointer rounded text-start text-accent hover:underline"
      title={play === undefined ? 'Show where it was said' : 'Show where it was said, and play it'}
      onClick={() => {
        goToTurn(turnId);
        play?.();
      }}
    >
      <q>{entity.quote}</q>
    </button>
  );
}

function valueWords(value: OutcomeEntity['value']): string {
  if (value === null) return '–';
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  return String(value);
}
