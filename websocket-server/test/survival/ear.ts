import { silentPerson } from '@mcp-telephone/simulator';
import type { Persona } from '@mcp-telephone/simulator';

const tickMs = 20;
/** Far below speech and tones, far above what silence decodes to. */
const audibleLoudness = 200;

/** Somebody who listens: knows how long nobody was to be heard on the line. */
export interface Ear {
  readonly persona: Persona;
  /** The longest time, in ms, in which neither side was heard, from the answer until now. */
  longestSilenceMs(): number;
  /** The same since a moment given by `passedMs`. */
  longestSilenceSince(ms: number): number;
  /** How long the line has been up, in ms of audio. */
  passedMs(): number;
}

/** What the carrier says for us; known to the simulated speaker in advance, so that its own slowness does not count. */
const apology = 'I am sorry, there is a technical problem and I have to end this call. Goodbye.';

export function listens(ringsForMs = 1000): Ear {
  const isAudible: boolean[] = [];
  const persona: Persona = {
    ...silentPerson,
    ringsForMs,
    voice: 'slt',
    sayings: [apology],
    meet: () => ({
      tick: ({ loudness, isTalking }) => void isAudible.push(isTalking || loudness > audibleLoudness),
    }),
  };
  const longest = (from: number) => {
    let run = 0;
    let longestRun = 0;
    for (const audible of isAudible.slice(from)) {
      run = audible ? 0 : run + 1;
      longestRun = Math.max(longestRun, run);
    }
    return longestRun * tickMs;
  };
  return {
    persona,
    longestSilenceMs: () => longest(0),
    longestSilenceSince: (ms) => longest(Math.floor(ms / tickMs)),
    passedMs: () => isAudible.length * tickMs,
  };
}
