import type { z } from 'zod';

/** All that is wrong in a file, each with the key where it is, e.g. `default.goal`. */
export function faultsIn({ issues }: z.ZodError): string {
  const faults = issues.map(({ path, message }) => {
    const key = path.map(String).join('.');
    const isMissing = message.endsWith('received undefined');
    const what = isMissing ? 'is missing' : `${message.slice(0, 1).toLowerCase()}${message.slice(1)}`;
    return key === '' ? what : `"${key}": ${what}`;
  });
  return faults.join('; ');
}
