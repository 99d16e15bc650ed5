import { Plus, X } from 'lucide-react';
import { useRef } from 'react';
import { resultKinds } from './result-fields.ts';
import type { ResultField } from './result-fields.ts';
import { SelectField } from './select-field.tsx';

/** Names the facts that the call is to bring home. */
export function ResultFieldsEditor({
  fields,
  onChange,
}: {
  readonly fields: readonly ResultField[];
  readonly onChange: (fields: readonly ResultField[]) => void;
}) {
  const nextId = useRef(1);
  const change = (id: number, changed: Partial<ResultField>) =>
    onChange(fields.map((field) => (field.id === id ? { ...field, ...changed } : field)));
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium">Result wanted</legend>
      <ul className="grid grid-cols-1 gap-2">
        {fields.map((field) => (
          <li key={field.id} className="grid grid-cols-[minmax(0,1fr)_7.5rem_auto] gap-2">
            <input
              className="field"
              aria-label="Name of the fact"
              placeholder="confirmation number"
              value={field.name}
              onChange={(event) => change(field.id, { name: event.target.value })}
            />
            <SelectField
              label="Kind of fact"
              isLabelHidden
              value={field.kind}
              choices={resultKinds}
              onChange={(kind) => change(field.id, { kind })}
            />
            <button
              type="button"
              className="button px-2 text-muted hover:text-ink"
              aria-label={`Remove ${field.name === '' ? 'this fact' : field.name}`}
              onClick={() => onChange(fields.filter(({ id }) => id !== field.id))}
            >
              <X aria-hidden="true" className="size-4" />
            </button>
          </li>
        ))}
      </ul>
      <button
        type="button"
        className="mt-2 inline-flex min-h-9 cursor-pointer items-center gap-1.5 rounded-md border border-line px-3 text-sm font-medium hover:bg-sunken"
        onClick={() => onChange([...fields, { id: nextId.current++, name: '', kind: 'string' }])}
      >
        <Plus aria-hidden="true" className="size-4" />
        Add a fact
      </button>
    </fieldset>
  );
}
