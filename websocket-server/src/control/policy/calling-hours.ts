import { clockText, isWithin } from '../../lib/daily-hours.ts';
import type { DailyHours } from '../../lib/daily-hours.ts';
import { minuteOfDay, zonesOf } from './time-zones.ts';

/** 8 am to 9 pm: what 47 CFR 64.1200(c)(1) leaves for calls to homes in the United States, in the person's own time. */
export const usualHours: DailyHours = { from: 8 * 60, until: 21 * 60 };

/** Where it is too early or too late to ring somebody, with the time there. */
export interface OutOfHours {
  /** IANA name. */
  readonly zone: string;
  /** `HH:MM` */
  readonly time: string;
}

/**
 * Whether it is a bad hour to ring a number, in any zone that it may be in.
 *
 * @param number E.164
 * @param at ms since 1970
 */
export function outOfHours(number: string, hours: DailyHours, at: number): OutOfHours | undefined {
  for (const zone of zonesOf(number)) {
    const minute = minuteOfDay(zone, at);
    if (!isWithin(hours, minute)) return { zone, time: clockText(minute) };
  }
  return undefined;
}
