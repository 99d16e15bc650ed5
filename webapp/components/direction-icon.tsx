import type { Direction } from '../../websocket-server/src/call/call.ts';
import { directionWords } from './call-words.ts';

export function DirectionIcon({ direction }: { readonly direction: Direction }) {
  return (
    <svg
      role="img"
      aria-label={directionWords[direction]}
      viewBox="0 0 16 16"
      className="size-4 shrink-0 fill-none stroke-current stroke-2 text-muted"
    >
      <path
        d={direction === 'outbound' ? 'M4 12 12 4M6 4h6v6' : 'M12 4 4 12M10 12H4V6'}
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
