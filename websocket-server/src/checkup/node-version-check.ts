import { ok, problem, type Check } from '../lib/check.ts';

const oldest = [20, 19] as const;

/** @param version without a `v`, e.g. `20.20.2` */
export function nodeVersionCheck(version: string): Check {
  return {
    id: 'node',
    title: 'Node.js',
    async run() {
      const [major = 0, minor = 0] = version.split('.').map(Number);
      const isNewEnough = major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
      if (isNewEnough) return ok(`Node ${version}.`);
      return problem(`Node ${version} is too old.`, `Install Node ${oldest.join('.')} or newer.`);
    },
  };
}
