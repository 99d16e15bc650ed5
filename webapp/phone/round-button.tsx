import type { LucideIcon } from 'lucide-react';

const colours = {
  go: 'bg-live text-page hover:brightness-110',
  stop: 'bg-bad text-page hover:brightness-110',
  plain: 'bg-sunken text-ink hover:bg-line',
  on: 'bg-ink text-page',
} as const;

/** A big round button of a phone with its word below. */
export function RoundButton({
  icon: Icon,
  label,
  colour,
  isPressed,
  onClick,
}: {
  readonly icon: LucideIcon;
  readonly label: string;
  readonly colour: 'go' | 'stop' | 'plain';
  /** For what is switched on and off. */
  readonly isPressed?: boolean;
  readonly onClick: () => void;
}) {
  return (
    <button
      type="button"
      aria-pressed={isPressed}
      className="group grid cursor-pointer justify-items-center gap-1.5 rounded-2xl text-sm"
      onClick={onClick}
    >
      <span
        className={`grid size-16 place-content-center rounded-full transition ${colours[isPressed === true ? 'on' : colour]}`}
      >
        <Icon aria-hidden="true" className="size-7" />
      </span>
      {label}
    </button>
  );
}
