import { ratio, summary } from './figures.ts';
import type { Figures } from './figures.ts';
import { crowdRows, faultNames, formatted, rows } from './rows.ts';

export type Results = ReadonlyMap<string, readonly Figures[]>;

/** The report as a Markdown table that reads well as plain text, too. */
export function table(results: Results, yardstick: string): string {
  const names = [...results.keys()];
  const others = results.get(yardstick);
  const compared = others === undefined ? [] : names.filter((name) => name !== yardstick);
  const summaries = names.map((name) => summary(results.get(name) ?? []));
  const header = ['', ...names, ...compared.map((name) => `${name} ÷ ${yardstick}`)];
  const told = summaries.some(({ crowd }) => crowd !== undefined) ? [...rows, ...crowdRows] : rows;
  const lines = told.map(({ name, value, digits, isCompared }) => [
    name,
    ...summaries.map((figures) => formatted(value(figures), digits)),
    ...compared.map((target) =>
      isCompared && others !== undefined ? formatted(ratio(results.get(target) ?? [], others, value), 2) : '',
    ),
  ]);
  const faults = Object.entries(faultNames).map(([fault, name]) => [
    name,
    ...summaries.map((figures) => String(figures.faults[fault] ?? 0)),
    ...compared.map(() => ''),
  ]);
  return aligned([header, ...lines, ...faults]);
}

function aligned(lines: readonly (readonly string[])[]): string {
  const [header = []] = lines;
  const widths = header.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0), 3));
  const written = lines.map((line) => {
    const cells = line.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
    return `| ${cells.join(' | ')} |`;
  });
  const rule = widths.map((width, column) =>
    column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [written[0], `| ${rule.join(' | ')} |`, ...written.slice(1)].join('\n');
}
