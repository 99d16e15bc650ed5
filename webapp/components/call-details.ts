export type CallDetails =
  | { readonly context: Readonly<Record<string, string>> }
  /** What is wrong with the lines, for whoever wrote them. */
  | { readonly problem: string };

/** Reads lines of `key: value`. Empty lines are left out; values stay text, as `007` is not 7. */
export function parseDetails(lines: string): CallDetails {
  const context = new Map<string, string>();
  for (const line of lines.split('\n').map((text) => text.trim())) {
    if (line === '') continue;
    const colon = line.indexOf(':');
    const key = line.slice(0, Math.max(0, colon)).trim();
    const value = line.slice(colon + 1).trim();
    if (key === '' || value === '') return { problem: `“${line}” is not “name: value”.` };
    if (context.has(key)) return { problem: `“${key}” is given twice.` };
    context.set(key, value);
  }
  return { context: Object.fromEntries(context) };
}
