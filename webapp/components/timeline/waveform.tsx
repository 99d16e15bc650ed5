import { memo } from 'react';

/** Width of a bar with the gap behind it, in px; recordings are drawn in the same bars. */
export const columnPx = 4;
export const barPx = 2;

/** Bars as high as one party was loud, around the middle of the lane that it fills. */
export const Waveform = memo(function Waveform({ columns }: { readonly columns: readonly number[] }) {
  const bars = columns.flatMap((height, column) =>
    height === 0
      ? []
      : [`M${column + 0.5} ${(1 - height * 0.85).toFixed(2)}V${(1 + height * 0.85).toFixed(2)}`],
  );
  return (
    <svg
      viewBox={`0 0 ${columns.length} 2`}
      preserveAspectRatio="none"
      className="pointer-events-none absolute inset-0 size-full"
    >
      <path
        d={bars.join('')}
        stroke="currentColor"
        strokeWidth={barPx}
        strokeLinecap="round"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
});
