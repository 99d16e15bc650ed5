import { useId } from 'react';
import type { ReactNode } from 'react';

export interface FormFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: ReactNode;
  /** What is wrong with it; the field is marked then. */
  readonly problem?: string | undefined;
  readonly placeholder?: string;
  readonly isDisabled?: boolean;
  /** More than one line, so many to begin with. */
  readonly rows?: number;
  /** For code: every character counts. */
  readonly isCode?: boolean;
  /** Values to choose from, or to suggest where `allowsOthers`. */
  readonly options?: readonly { readonly value: string; readonly label: string }[];
  readonly allowsOthers?: boolean;
  readonly inputMode?: 'numeric' | 'decimal' | 'tel' | 'url';
}

/** A labelled field with room for a hint and for what is wrong with it. */
export function FormField(props: FormFieldProps) {
  const { label, value, onChange, hint, problem, options, allowsOthers = false, rows } = props;
  const id = useId();
  const describedBy = [
    hint === undefined ? [] : `${id}-hint`,
    problem === undefined ? [] : `${id}-problem`,
  ].flat();
  const field = {
    id,
    value,
    disabled: props.isDisabled,
    'aria-invalid': problem !== undefined,
    'aria-describedby': describedBy.length === 0 ? undefined : describedBy.join(' '),
    className: `field ${problem === undefined ? '' : 'border-bad'} ${props.isCode === true ? 'font-mono text-sm' : ''}`,
    onChange: (event: { target: { value: string } }) => onChange(event.target.value),
  };
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1 block text-sm font-medium">
        {label}
      </label>
      {options !== undefined && !allowsOthers ? (
        <select {...field}>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      ) : rows === undefined ? (
        <input
          type="text"
          autoComplete="off"
          inputMode={props.inputMode}
          placeholder={props.placeholder}
          list={options === undefined ? undefined : `${id}-options`}
          {...field}
        />
      ) : (
        <textarea rows={rows} spellCheck={props.isCode !== true} placeholder={props.placeholder} {...field} />
      )}
      {options !== undefined && allowsOthers && (
        <datalist id={`${id}-options`}>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </datalist>
      )}
      {hint !== undefined && (
        <p id={`${id}-hint`} className="mt-1 text-sm text-muted">
          {hint}
        </p>
      )}
      {problem !== undefined && (
        <p id={`${id}-problem`} className="mt-1 text-sm font-medium text-bad">
          {problem}
        </p>
      )}
    </div>
  );
}
