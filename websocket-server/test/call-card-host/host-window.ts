/** What the host page offers to a test. */
export interface HostWindow {
  /** Calls a tool as a model would, and shows the page that goes with it. */
  showTool(name: string, args: Record<string, unknown>, theme: 'light' | 'dark'): Promise<void>;
  /** What the page told the model. */
  readonly modelContext: string[];
  readonly openedLinks: string[];
}
