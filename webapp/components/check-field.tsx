import { useId } from 'react';

/** Something to tick, with a line that explains it. */
export function CheckField({
  label,
  isOn,
  isOff,
  hint,
  onChange,
}: {
  readonly label: string;
  readonly isOn: boolean;
  /** It cannot be ticked; the hint says why. */
  readonly isOff?: boolean;
  readonly hint?: string;
  readonly onChange: (isOn: boolean) => void;
}) {
  const id = useId();
  return (
    <div>
      <label
        className={`flex min-h-9 items-center gap-3 text-sm font-medium ${isOff === true ? 'text-muted' : 'cursor-pointer'}`}
      >
        <input
          type="checkbox"
          className="size-5 accent-accent"
          checked={isOn}
          disabled={isOff}
          aria-describedby={hint === undefined ? undefined : id}
          onChange={(event) => onChange(event.target.checked)}
        />
        {label}
      </label>
      {hint !== undefined && (
        <p id={id} className="text-sm text-muted">
          {hint}
        </p>
      )}
    </div>
  );
}
