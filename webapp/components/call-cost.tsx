import type { Call } from '../../websocket-server/src/call/call.ts';

/** What the call has cost so far; nothing for a call that cost nothing. */
export function CallCost({ call }: { readonly call: Pick<Call, 'cost'> }) {
  const { usd, isEstimate, unknown } = call.cost;
  if (usd === 0) return null;
  if (usd === null) {
    return (
      <span className="text-sm whitespace-nowrap text-muted" title={unknown ?? undefined}>
        Cost unknown
      </span>
    );
  }
  const isTiny = usd < 0.005;
  return (
    <span
      className="text-sm whitespace-nowrap text-muted tabular-nums"
      title={
        isEstimate ? 'Estimated: the carrier has not told its price yet' : 'With the carrier’s own price'
      }
    >
      <span className="sr-only">Cost </span>
      {isEstimate && (
        <>
          <span aria-hidden="true">≈ </span>
          <span className="sr-only">about </span>
        </>
      )}
      {isTiny ? 'under 1¢' : `$${usd.toFixed(2)}`}
    </span>
  );
}
