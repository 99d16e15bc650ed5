import type { Limit } from '../../live/settings-api.ts';
import { SettingsSection } from './settings-section.tsx';

interface LimitWords {
  readonly title: string;
  readonly none?: string;
  readonly unit?: 'usd';
}

const words: Readonly<Record<string, LimitWords>> = {
  ALLOWED_COUNTRIES: {
    title: 'Countries that may be called',
    none: 'Those that share your number’s calling code',
  },
  ALLOWED_NUMBERS: { title: 'Numbers that may be called', none: 'All' },
  DENIED_NUMBERS: { title: 'Numbers that may not', none: 'None' },
  CALLING_HOURS: { title: 'Hours, where the person is', none: 'Any' },
  MAX_CONCURRENT_CALLS: { title: 'Calls at once' },
  CALLS_PER_MINUTE: { title: 'Calls in a minute' },
  CALLS_PER_HOUR: { title: 'Calls in an hour' },
  CALLS_PER_DAY: { title: 'Calls in 24 hours' },
  CALLS_PER_NUMBER_PER_DAY: { title: 'Calls to one number in 24 hours' },
  CALLS_PER_NUMBER_AT_ONCE: { title: 'Calls to one number at once' },
  MAX_COST_PER_CALL_USD: { title: 'Cost of a call', unit: 'usd' },
  MAX_COST_PER_DAY_USD: { title: 'Cost of a day', unit: 'usd' },
  MAX_COST_PER_MONTH_USD: { title: 'Cost of a month', unit: 'usd' },
};

/** Limits that only the environment sets, so that no page and no prompt can loosen them. */
export function PolicySection({ limits }: { readonly limits: readonly Limit[] }) {
  return (
    <SettingsSection
      id="policy"
      title="Limits"
      intro="They hold for every call, whoever asks for it, and no page and no prompt can loosen them. To change one, set its variable in the server’s environment or .env file and start the server again."
    >
      <table className="w-full text-left text-sm">
        <thead className="sr-only">
          <tr>
            <th scope="col">Limit</th>
            <th scope="col">What holds</th>
            <th scope="col">Environment variable</th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {limits.map((limit) => (
            <tr key={limit.variable} className="max-sm:grid max-sm:py-2">
              <th scope="row" className="py-2 pr-4 align-top font-normal text-muted max-sm:py-0">
                {words[limit.variable]?.title ?? limit.variable}
              </th>
              <td className="py-2 pr-4 align-top font-medium break-words max-sm:py-0">{valueWords(limit)}</td>
              <td className="py-2 align-top font-mono text-xs break-all text-muted max-sm:py-0">
                {limit.variable}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </SettingsSection>
  );
}

function valueWords({ variable, value }: Limit): string {
  const named = words[variable];
  if (value === null) return named?.none ?? 'No limit';
  if (value === '*') return 'All';
  if (typeof value === 'number') return named?.unit === 'usd' ? `$${value.toFixed(2)}` : String(value);
  return typeof value === 'string' ? value.replace('-', ' to ') : value.join(', ');
}
