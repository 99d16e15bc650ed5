/**
 * When a call is to be dialed, as the server takes it.
 *
 * @param typed a local time as a browser's field gives it, `2026-03-02T09:30`
 * @returns ISO 8601 with its zone; undefined for at once
 */
export function scheduleOf(typed: string): string | undefined | { readonly problem: string } {
  if (typed.trim() === '') return undefined;
  const at = new Date(typed);
  if (Number.isNaN(at.getTime())) {
    return { problem: 'When to call is no whole date and time. Empty it to call at once.' };
  }
  return at.toISOString();
}

/** A moment as a browser's field for local times takes it. @param at ms since 1970 */
export function localFieldTime(at: number): string {
  const moment = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
  return `${day}T${two(moment.getHours())}:${two(moment.getMinutes())}`;
}

/** The zone that local times are in, e.g. “Europe/Vienna”. */
export function zoneName(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone.replaceAll('_', ' ');
}
