import { Lock } from 'lucide-react';
import { Fragment } from 'react';
import type { Limit } from '../../../live/settings-api.ts';
import { useHiddenNumbers } from '../../hidden-numbers.ts';
import { limitTitle, limitWords } from './limit-words.ts';

/** A limit that can be read here and not changed. */
export function FixedLimit({
  limit,
  areNumbersTyped = false,
}: {
  readonly limit: Limit;
  /** There are numbers in its field, saved or not. */
  readonly areNumbersTyped?: boolean;
}) {
  const { variable, value, source } = limit;
  const hasNumbers = variable.endsWith('_NUMBERS') && (value !== null || areNumbersTyped);
  const isHidden = useHiddenNumbers() && hasNumbers;
  return (
    <dl className="min-w-0">
      <dt className="mb-1 text-sm font-medium">{limitTitle(variable)}</dt>
      <dd className="flex min-h-11 items-center rounded-lg bg-sunken px-3 py-2 break-words tabular-nums">
        {isHidden ? 'Hidden, as chosen above the list of calls' : limitWords(limit, value)}
      </dd>
      {source === 'environment' && (
        <dd className="mt-1 flex gap-1.5 text-sm text-muted">
          <Lock aria-hidden="true" className="mt-0.5 size-3.5 shrink-0" />
          <span className="min-w-0">
            Set by{' '}
            <code className="font-mono text-xs">
              {variable.split('_').map((part, index) => (
                <Fragment key={part}>
                  {index > 0 && (
                    <>
                      _<wbr />
                    </>
                  )}
                  {part}
                </Fragment>
              ))}
            </code>{' '}
            in the server’s environment
          </span>
        </dd>
      )}
    </dl>
  );
}
