import { useId } from 'react';
import type { HTMLInputTypeAttribute } from 'react';

export interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: string;
  /** Id of an element elsewhere that explains the field, in place of a hint. */
  readonly describedBy?: string | undefined;
  readonly placeholder?: string;
  readonly type?: HTMLInputTypeAttribute;
  readonly isRequired?: boolean;
  /** The least that a number or a time may be. */
  readonly min?: string;
  /** More than one line, so many to begin with. */
  readonly rows?: number;
}

/** A labelled text field, of one line or of several. */
export function TextField({
  label,
  value,
  onChange,
  hint,
  describedBy,
  placeholder,
  type,
  isRequired,
  min,
  rows,
}: TextFieldProps) {
  const id = useId();
  const field = {
    id,
    className: 'field',
    value,
    placeholder,
    required: isRequired,
    'aria-describedby': hint === undefined ? describedBy : `${id}-hint`,
    onChange: (event: { target: { value: string } }) => onChange(event.target.value),
  };
  return (
    <div>
      <label htmlFor={id} className="mb-1 block text-sm font-medium">
        {label}
      </label>
      {rows === undefined ? (
        <input type={type ?? 'text'} min={min} autoComplete="off" {...field} />
      ) : (
        <textarea rows={rows} {...field} />
      )}
      {hint !== undefined && (
        <p id={`${id}-hint`} className="mt-1 text-sm text-muted">
          {hint}
        </p>
      )}
    </div>
  );
}
