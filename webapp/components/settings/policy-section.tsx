import type { SettingsPage } from '../../live/settings-api.ts';
import { SettingsSection } from './settings-section.tsx';

/** Limits that only the environment sets, so that no page and no prompt can loosen them. */
export function PolicySection({ policy }: { readonly policy: SettingsPage['policy'] }) {
  return (
    <SettingsSection
      id="policy"
      title="Limits"
      intro="Set on the server by environment variables, and only there: see .env.example."
    >
      <dl className="grid grid-cols-1 gap-x-6 gap-y-1 text-sm sm:grid-cols-[auto_minmax(0,1fr)]">
        {Object.entries(policy).map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-muted first-letter:uppercase">{wordsOf(name)}</dt>
            <dd className="break-words max-sm:mb-1.5">{valueWords(value)}</dd>
          </div>
        ))}
      </dl>
    </SettingsSection>
  );
}

function wordsOf(name: string): string {
  return name.replaceAll(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
}

function valueWords(value: unknown): string {
  if (value === null) return 'Default';
  if (value === '*') return 'All';
  if (Array.isArray(value)) return value.length === 0 ? 'Not set' : value.map(String).join(', ');
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
