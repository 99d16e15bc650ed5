import { ratio, summary } from './figures.ts';
import { formatted, rows } from './rows.ts';
import type { Results } from './table.ts';

const width = 760;
const nameWidth = 190;
const barsWidth = 380;
const barHeight = 14;
const groupGap = 18;
const headHeight = 64;

/** The compared figures as bars, one group each, readable on light and dark. */
export function drawing(results: Results, yardstick: string, caption: string): string {
  const targets = [...results].map(([name, rounds]) => ({ name, rounds, figures: summary(rounds) }));
  const others = results.get(yardstick);
  const groups = rows.filter(({ isCompared }) => isCompared);
  const groupHeight = targets.length * barHeight + groupGap;
  const height = headHeight + groups.length * groupHeight + 12;
  const parts = groups.flatMap(({ name, value, digits }, group) => {
    const top = headHeight + group * groupHeight;
    const longest = Math.max(...targets.map(({ figures }) => value(figures)).filter(Number.isFinite), 0);
    const bars = targets.flatMap((target, index) => {
      const y = top + index * barHeight;
      const amount = value(target.figures);
      const length = longest > 0 && Number.isFinite(amount) ? (amount / longest) * barsWidth : 0;
      const isRatioTold = others !== undefined && target.name !== yardstick;
      const times = isRatioTold ? ` · ${formatted(ratio(target.rounds, others, value), 2)}×` : '';
      return [
        `<rect class="bar-${index}" x="${nameWidth}" y="${y}" width="${Math.max(1, length).toFixed(1)}" height="${barHeight - 3}" rx="2"/>`,
        `<text x="${(nameWidth + length + 6).toFixed(1)}" y="${y + 9.5}" class="figure">${formatted(amount, digits)}${times}</text>`,
      ];
    });
    const middle = top + (targets.length * barHeight) / 2 + 2;
    return [
      `<text x="${nameWidth - 10}" y="${middle}" class="name" text-anchor="end">${escaped(name)}</text>`,
      ...bars,
    ];
  });
  const legend = targets.map(
    ({ name }, index) =>
      `<rect class="bar-${index}" x="${nameWidth + index * 110}" y="38" width="11" height="11" rx="2"/>` +
      `<text x="${nameWidth + index * 110 + 17}" y="47.5" class="name">${escaped(name)}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(caption)}">`,
    style,
    `<text x="16" y="22" class="title">${escaped(caption)}</text>`,
    ...legend,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

/** Text takes a tone that stands out on white and on black, for viewers that ignore the colour scheme. */
const style = `<style>
text { font: 12px system-ui, sans-serif; fill: #6b7280; }
.title { font-weight: 600; font-size: 13px; }
.figure { font-size: 10.5px; font-variant-numeric: tabular-nums; }
.bar-0 { fill: #2f7de1; }
.bar-1 { fill: #3aa17e; }
.bar-2 { fill: #a8896c; }
@media (prefers-color-scheme: dark) { text { fill: #a9b1bd; } }
@media (prefers-color-scheme: light) { text { fill: #4b5563; } }
</style>`;

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
