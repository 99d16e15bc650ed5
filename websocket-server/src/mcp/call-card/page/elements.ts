/** An element of the page. @throws Error when the page has none of that id and kind */
export function element(id: string): HTMLElement;
export function element<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind;
export function element(id: string, kind: new () => HTMLElement = HTMLElement): HTMLElement {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`the card has no ${id}`);
}

export function show(id: string, isShown: boolean): void {
  element(id).hidden = !isShown;
}

/** Puts words into an element; null hides it. */
export function tell(id: string, words: string | null): void {
  element(id).textContent = words ?? '';
  show(id, words !== null);
}
