import { noDefaults } from '../agent/agent-defaults.ts';
import type { AgentDefaults } from '../agent/agent-defaults.ts';

/** What the owner of the server chooses in the page, for every call; kept durably. `null`: as the environment says. */
export interface Settings extends AgentDefaults {
  /** The number that calls come from unless they name another, E.164. */
  readonly phoneNumber: string | null;
  readonly inbound: InboundAgent;
}

/** Who answers when somebody calls. */
export interface InboundAgent {
  /** What the agent is there for; null for the message taker that is built in. */
  readonly goal: string | null;
  readonly instructions: string | null;
}

export const noSettings: Settings = {
  ...noDefaults,
  phoneNumber: null,
  inbound: { goal: null, instructions: null },
};
