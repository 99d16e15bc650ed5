import { TelephoneError } from './errors.ts';

/** A setting that cannot be used, and the sentence that says how to mend it. */
export interface ConfigProblem {
  readonly variable: string;
  /** Names the fix; never repeats a secret. */
  readonly message: string;
}

/** The environment does not make a configuration. Holds every problem, not only the first. */
export class InvalidConfig extends TelephoneError {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const lines = problems.map(({ variable, message }) => `${variable}: ${message}`);
    super('invalid-config', lines.join('\n'), { variables: problems.map(({ variable }) => variable) });
    this.problems = problems;
  }
}
