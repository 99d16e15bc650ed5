import type { InputOptions, OutputOptions } from 'rolldown';

/**
 * The live call card as one page, `call-card.html`, with its script and its styles inside, as hosts of MCP Apps
 * take it.
 *
 * @param folder of this package
 */
export function callCardBundle(folder: string): InputOptions;
export const callCardOutput: OutputOptions;
