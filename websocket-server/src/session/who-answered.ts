import type { AnsweredBy } from '../call/call.ts';
import { endReason } from '../call/end-reason.ts';
import type { MachineVerdict } from '../carriers/carrier.ts';
import { dropResponse } from './broken-ends.ts';
import type { Command, Conversation, Step } from './conversation-state.ts';
import { followedBy, step } from './conversation-state.ts';
import { dropPlayback } from './heard-turns.ts';
import { isQuiet } from './playback.ts';
import { leaveMessage } from './voicemail.ts';

/** A machine that has been quiet for so long, with nobody answering it, has beeped. */
export const machineQuietMs = 5000;
/** One that was never heard may be late with its first word, and is not one that has beeped. */
export const unheardQuietMs = 10_000;
/** Long enough where the agent knows that it is a voicemail: pauses within a greeting are shorter. */
export const greetingQuietMs = 2500;

/** The carrier says who answered. It may err, and it cannot tell a voicemail from a phone menu before the beep. */
export function answererDetected(state: Conversation, found: MachineVerdict, now: number): Step {
  const { mode, answerer } = state;
  if (mode === 'over' || mode === 'ending' || found === answerer.verdict) return step(state);
  if (found === 'beep' && answerer.phase === 'greeting') return leaveMessage(beeped(state), now);
  if (mode === 'voicemail' && found === 'human') return recheck(state);
  if (answerer.isAgentSure || mode === 'voicemail') return step(state);
  switch (found) {
    case 'unknown':
    case 'human':
      return identified(state, found, 'carrier');
    case 'fax':
      return followedBy(identified(state, 'fax', 'carrier'), (next) =>
        step(
          { ...next, mode: 'over' },
          { type: 'clear-carrier' },
          { type: 'hang-up', endReason: endReason('agent', 'fax') },
        ),
      );
    case 'beep':
      if (answerer.hasAnswered) return suspected(state);
      return followedBy(identified(state, 'voicemail', 'carrier'), (next) => atVoicemail(beeped(next), now));
    case 'machine':
      return followedBy(identified(state, 'machine', 'carrier'), suspected);
  }
}

/** The agent says what it hears. */
export function answererHeard(
  state: Conversation,
  who: Extract<AnsweredBy, 'human' | 'voicemail' | 'menu' | 'screening'>,
  now: number,
): Step {
  if (state.mode === 'over' || state.mode === 'ending' || state.mode === 'voicemail') return step(state);
  const known = identified(state, who, 'agent');
  if (who === 'voicemail') return followedBy(known, (next) => atVoicemail(next, now));
  return followedBy(known, (next) =>
    step({ ...next, answerer: { ...next.answerer, phase: 'open' } }, { type: 'stop-timer', name: 'machine' }),
  );
}

/** The carrier hears a human where the message is being left: the model, which hears it too, is asked again. */
function recheck(state: Conversation): Step {
  return state.answerer.phase === 'message' ? step(state, { type: 'ask-who-answered' }) : step(state);
}

/** A machine has been quiet for long. */
export function machineQuiet(state: Conversation, now: number): Step {
  const { mode, answerer } = state;
  if (mode === 'over' || mode === 'ending' || state.isPersonSpeaking || !isQuiet(state.playback)) {
    return step(state);
  }
  if (answerer.phase === 'greeting') return leaveMessage(state, now);
  if (answerer.phase !== 'machine' || state.isPressing || state.owesReply) return step(state);
  return followedBy(identified(state, 'voicemail', 'carrier'), (next) => atVoicemail(next, now));
}

/** Starts or stops the watch over a machine that talks. */
export function watchMachine(before: Conversation, after: Conversation): readonly Command[] {
  const isWatched = isMachineQuiet(after);
  if (isWatched === isMachineQuiet(before) && after.answerer.phase === before.answerer.phase) return [];
  if (!isWatched) return after.answerer.phase === 'message' ? [] : [{ type: 'stop-timer', name: 'machine' }];
  return [{ type: 'start-timer', name: 'machine', ms: quietMsOf(after) }];
}

function quietMsOf({ answerer, turns, spokeAt }: Conversation): number {
  if (answerer.phase === 'greeting') return greetingQuietMs;
  return turns.started.size === 0 && spokeAt === null ? unheardQuietMs : machineQuietMs;
}

function isMachineQuiet({ answerer, isPersonSpeaking, playback, mode }: Conversation): boolean {
  const isWaitedFor = answerer.phase === 'machine' || answerer.phase === 'greeting';
  return isWaitedFor && mode !== 'over' && mode !== 'waiting' && !isPersonSpeaking && isQuiet(playback);
}

/** A machine, perhaps: the agent is told, keeps quiet unless it is being heard, and says what it is. */
function suspected(state: Conversation): Step {
  const noted = step(state, { type: 'add-text', role: 'system', text: machineNote });
  if (state.answerer.hasAnswered) return noted;
  return followedBy(noted, (next) => {
    const listening = { ...next, answerer: { ...next.answerer, phase: 'machine' as const } };
    if (!isQuiet(next.playback)) return step(listening);
    const mode = next.mode === 'waiting' ? 'waiting' : 'silent';
    return followedBy(dropResponse(listening), (quiet) => step({ ...quiet, mode, owesReply: false }));
  });
}

/** It is a voicemail: the rule for it is carried out, whatever the agent thinks of it. */
function atVoicemail(state: Conversation, now: number): Step {
  const dropped = followedBy(dropPlayback(state, now, false), dropResponse);
  const { rule, hasBeeped } = state.answerer;
  if (rule.action === 'hang_up') {
    return followedBy(dropped, (next) =>
      step({ ...next, mode: 'over' }, { type: 'hang-up', endReason: endReason('agent', 'voicemail') }),
    );
  }
  return followedBy(dropped, (next) => {
    const answerer = { ...next.answerer, phase: 'greeting' as const };
    const listening: Conversation = {
      ...next,
      answerer,
      mode: 'voicemail',
      owesReply: false,
      keysToPress: null,
      keysAfter: [],
      ending: null,
    };
    return hasBeeped
      ? leaveMessage(listening, now)
      : step(listening, { type: 'stop-timer', name: 'greeting' });
  });
}

function beeped(state: Conversation): Conversation {
  return { ...state, answerer: { ...state.answerer, hasBeeped: true } };
}

function identified(state: Conversation, who: AnsweredBy, by: 'carrier' | 'agent'): Step {
  const isAgentSure = state.answerer.isAgentSure || by === 'agent';
  const answerer = { ...state.answerer, verdict: who, isAgentSure };
  if (state.answerer.verdict === who) return step({ ...state, answerer });
  return step(
    { ...state, answerer },
    { type: 'record', happening: { type: 'answerer-identified', answeredBy: who, by } },
  );
}

const machineNote =
  '[The phone network takes this for a machine. Listen until you know what it is: a voicemail, a phone menu, call screening, or a human after all. Then call who_answered.]';
