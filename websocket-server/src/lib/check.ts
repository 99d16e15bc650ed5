/** How a check of the set-up came out. `skipped`: it could not be asked, or does not apply. */
export type CheckState = 'ok' | 'warning' | 'problem' | 'skipped';

/** What a check found, in sentences for whoever runs the server. */
export interface Finding {
  readonly state: CheckState;
  readonly message: string;
  /** What to change, where something is to be changed. */
  readonly fix?: string | undefined;
}

/** One question about the set-up. Asks and looks; changes nothing that lasts. */
export interface Check {
  /** Stable, for programs, e.g. `carrier-account`. */
  readonly id: string;
  readonly title: string;
  /** May take its time and may throw: whoever runs it sets a limit and tells the failure. */
  run(): Promise<Finding>;
}

export interface CheckResult extends Finding {
  readonly id: string;
  readonly title: string;
}

export function ok(message: string): Finding {
  return { state: 'ok', message };
}

export function warning(message: string, fix?: string): Finding {
  return { state: 'warning', message, fix };
}

export function problem(message: string, fix?: string): Finding {
  return { state: 'problem', message, fix };
}

export function skipped(message: string, fix?: string): Finding {
  return { state: 'skipped', message, fix };
}
