export function turnElementId(turnId: string): string {
  return `turn-${turnId}`;
}

/** Of what happened between turns. @param sequence of its event */
export function asideElementId(sequence: number): string {
  return `aside-${sequence}`;
}

/** Brings a turn into sight and gives it the focus. */
export function goToTurn(turnId: string): void {
  goToElement(turnElementId(turnId));
}

export function goToElement(id: string): void {
  const element = document.getElementById(id);
  element?.scrollIntoView({ block: 'center' });
  element?.focus({ preventScroll: true });
}
