import { EditableRows } from './editable-rows.tsx';
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
  return (
    <EditableRows
      legend="Result wanted"
      addWords="Add a fact"
      thing="this fact"
      rows={fields}
      added={{ name: '', kind: 'string' }}
      onChange={onChange}
      fields={(field, change) => (
        <>
          <input
            className="field"
            aria-label="Name of the fact"
            placeholder="confirmation number"
            value={field.name}
            onChange={(event) => change({ name: event.target.value })}
          />
          <SelectField
            label="Kind of fact"
            isLabelHidden
            value={field.kind}
            choices={resultKinds}
            onChange={(kind) => change({ kind })}
          />
        </>
      )}
    />
  );
}
