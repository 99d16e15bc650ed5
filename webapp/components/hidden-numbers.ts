import { useSyncExternalStore } from 'react';

const key = 'telephone-hide-numbers';
const changed = 'telephone-hide-numbers-changed';

/** Whether numbers are to be kept from who looks over the shoulder; remembered by this browser. */
export function useHiddenNumbers(): boolean {
  return useSyncExternalStore(
    (tell) => {
      window.addEventListener(changed, tell);
      window.addEventListener('storage', tell);
      return () => {
        window.removeEventListener(changed, tell);
        window.removeEventListener('storage', tell);
      };
    },
    isHidden,
    () => false,
  );
}

export function hideNumbers(isWanted: boolean): void {
  if (isWanted) window.localStorage.setItem(key, 'yes');
  else window.localStorage.removeItem(key);
  window.dispatchEvent(new Event(changed));
}

function isHidden(): boolean {
  return window.localStorage.getItem(key) === 'yes';
}

/** `+1•••••••01`: enough to tell two calls apart. */
export function maskedNumber(number: string): string {
  if (number.length < 7) return '•'.repeat(number.length);
  return `${number.slice(0, 2)}${'•'.repeat(number.length - 4)}${number.slice(-2)}`;
}

/** Shows numbers as they may be shown. */
export function useShownNumber(): (number: string) => string {
  return useHiddenNumbers() ? maskedNumber : shownWhole;
}

function shownWhole(number: string): string {
  return number;
}
