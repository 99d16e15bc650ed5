import { Plus, X } from 'lucide-react';
import { useRef } from 'react';
import type { ReactNode } from 'react';

interface Row {
  readonly id: number;
  readonly name: string;
}

/** A list that is written row by row: each row has its fields, and a button that takes it out. */
export function EditableRows<T extends Row>({
  legend,
  hint,
  addWords,
  thing,
  rows,
  added,
  onChange,
  fields,
}: {
  readonly legend: string;
  readonly hint?: string;
  readonly addWords: string;
  /** What a row without a name is called: "this fact". */
  readonly thing: string;
  readonly rows: readonly T[];
  /** A row that is added, but for its id. */
  readonly added: Omit<T, 'id'>;
  readonly onChange: (rows: readonly T[]) => void;
  /** The fields of a row. @param change what is typed there */
  readonly fields: (row: T, change: (changed: Partial<Omit<T, 'id'>>) => void) => ReactNode;
}) {
  const nextId = useRef(1);
  const list = useRef<HTMLUListElement>(null);
  const change = (id: number, changed: Partial<Omit<T, 'id'>>) =>
    onChange(rows.map((row) => (row.id === id ? { ...row, ...changed } : row)));

  function add(): void {
    onChange([...rows, { ...added, id: nextId.current++ } as T]);
    requestAnimationFrame(() => list.current?.lastElementChild?.querySelector('input')?.focus());
  }

  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium">{legend}</legend>
      {hint !== undefined && <p className="mb-2 text-sm text-muted">{hint}</p>}
      <ul ref={list} className="grid grid-cols-1 gap-3">
        {rows.map((row) => (
          <li key={row.id} className="flex items-start gap-2">
            <div className="grid min-w-0 flex-1 grid-cols-2 gap-2">
              {fields(row, (changed) => change(row.id, changed))}
            </div>
            <button
              type="button"
              className="button px-2 text-muted hover:text-ink"
              aria-label={`Remove ${row.name === '' ? thing : row.name}`}
              onClick={() => onChange(rows.filter(({ id }) => id !== row.id))}
            >
              <X aria-hidden="true" className="size-4" />
            </button>
          </li>
        ))}
      </ul>
      <button
        type="button"
        className="mt-2 inline-flex min-h-9 cursor-pointer items-center gap-1.5 rounded-md border border-line px-3 text-sm font-medium hover:bg-sunken"
        onClick={add}
      >
        <Plus aria-hidden="true" className="size-4" />
        {addWords}
      </button>
    </fieldset>
  );
}
