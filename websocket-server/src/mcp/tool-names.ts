export type ToolName = 'call' | 'status' | 'wait' | 'answer' | 'control' | 'cancel' | 'transcript' | 'list';

/** How a tool's name is written: `telephony.call` or `telephony_call`. Both are always answered. */
export type NameStyle = 'dots' | 'underscores';
export const nameStyles: readonly NameStyle[] = ['dots', 'underscores'];

export function toolNameIn(style: NameStyle, name: ToolName): string {
  return style === 'dots' ? `telephony.${name}` : `telephony_${name}`;
}
