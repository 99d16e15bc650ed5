import { Search } from 'lucide-react';
import type { CallFilter } from '../live/call-filter.ts';
import { HideNumbersButton } from './hide-numbers-button.tsx';
import { SelectField } from './select-field.tsx';

/** Narrows the list of calls, and hides numbers. */
export function CallFilters({
  filter,
  onChange,
}: {
  readonly filter: CallFilter;
  readonly onChange: (filter: CallFilter) => void;
}) {
  return (
    <search className="grid max-sm:text-sm grid-cols-[1fr_1fr_auto] gap-2 sm:grid-cols-[minmax(0,1fr)_auto_auto_auto]">
      <div className="relative max-sm:col-span-3">
        <Search
          aria-hidden="true"
          className="pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-muted"
        />
        <input
          type="search"
          className="field pl-9"
          aria-label="Search calls"
          placeholder="Search goals and numbers"
          value={filter.search}
          onChange={(event) => onChange({ ...filter, search: event.target.value })}
        />
      </div>
      <SelectField
        label="State"
        isLabelHidden
        value={filter.state}
        choices={[
          ['', 'Any state'],
          ['live', 'Live'],
          ['completed', 'Done'],
          ['failed', 'Failed'],
          ['canceled', 'Canceled'],
        ]}
        onChange={(state) => onChange({ ...filter, state })}
      />
      <SelectField
        label="Direction"
        isLabelHidden
        value={filter.direction}
        choices={[
          ['', 'Both ways'],
          ['outbound', 'Outbound'],
          ['inbound', 'Inbound'],
        ]}
        onChange={(direction) => onChange({ ...filter, direction })}
      />
      <HideNumbersButton />
    </search>
  );
}
