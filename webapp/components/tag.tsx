import type { Tone } from './call-words.ts';

const colours: Record<Tone, string> = {
  live: 'bg-live-tint text-live',
  wait: 'bg-wait-tint text-wait',
  done: 'bg-agent text-accent',
  bad: 'bg-bad-tint text-bad',
  quiet: 'bg-sunken text-muted',
};

/** A word in the colour of what it says. */
export function Tag({ label, tone }: { readonly label: string; readonly tone: Tone }) {
  return (
    <span
      className={`inline-flex items-center gap-1.5 rounded-full px-2.5 py-0.5 text-sm font-medium whitespace-nowrap ${colours[tone]}`}
    >
      {tone === 'live' && (
        <span
          aria-hidden="true"
          className="size-2 animate-pulse rounded-full bg-current motion-reduce:animate-none"
        />
      )}
      {label}
    </span>
  );
}
