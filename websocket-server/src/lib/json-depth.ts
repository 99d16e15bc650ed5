import { isRecord } from './is-record.ts';

/** Levels of objects and lists that a request may nest: far beyond any real one, and far from where walks overflow. */
export const deepestRequest = 64;

/** Whether objects and lists lie in each other on more than so many levels. Looks no deeper than that. */
export function isDeeperThan(levels: number, value: unknown): boolean {
  if (!isRecord(value)) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(levels - 1, inner));
}
