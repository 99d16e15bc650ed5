import { useId } from 'react';

/** Something to tick, with a line that explains it. */
export function CheckField({
  label,
  isOn,
  hint,
  onChange,
}: {
  readonly label: string;
  readonly isOn: boolean;
  readonly hint?: string;
  readonly onChange: (isOn: boolean) => void;
}) {
  const id = useId();
  return (
    <div>
      <label className="flex min-h-9 cursor-pointer items-center gap-3 text-sm font-medium">
        <input
          type="checkbox"
          className="size-5 accent-accent"
          checked={isOn}
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
