export function turnElementId(turnId: string): string {
  return `turn-${turnId}`;
}

/** Brings a turn into sight and gives it the focus. */
export function goToTurn(turnId: string): void {
  const turn = document.getElementById(turnElementId(turnId));
  turn?.scrollIntoView({ block: 'center' });
  turn?.focus({ preventScroll: true });
}
