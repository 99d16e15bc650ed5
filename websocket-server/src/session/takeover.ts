import { ask } from './ask.ts';
import { dropResponse } from './broken-ends.ts';
import type { Conversation, Step } from './conversation-state.ts';
import { followedBy, step } from './conversation-state.ts';
import { dropPlayback } from './heard-turns.ts';
import { unwanted } from './response-slot.ts';

/**
 * The owner talks to the person instead of the agent, which goes on listening and says nothing until it is given back.
 *
 * @param now monotonic ms
 */
export function takenOver(state: Conversation, now: number): Step {
  const { mode } = state;
  if (mode !== 'greeting' && mode !== 'talking' && mode !== 'silent' && mode !== 'held') return step(state);
  return followedBy(silenced(state, 'taken-over', now), (next) =>
    step(next, {
      type: 'record',
      happening: { type: 'call-steered', action: 'take_over', value: null },
    }),
  );
}

/** The owner has the agent keep quiet until further notice. @param now monotonic ms */
export function putOnHold(state: Conversation, now: number): Step {
  const { mode } = state;
  return mode === 'greeting' || mode === 'talking' || mode === 'silent'
    ? silenced(state, 'held', now)
    : step(state);
}

/** The agent talks again, and knows why it has left the person without an answer. */
export function takenOffHold(state: Conversation): Step {
  const text =
    '[Your client has put you on hold for a while. You heard the person, who got no answer from you.]';
  const told = step({ ...state, mode: 'talking' }, { type: 'add-text', role: 'system', text });
  return followedBy(told, (next) => ask(next, goOnAfterHold));
}

const goOnAfterHold =
  'You may talk again. Apologise in two or three words for the wait, and go on from where the conversation was. Answer what the person has said last, and do not greet again.';

/** What the agent is saying is cut off, and what it is about to say taken back. */
function silenced(state: Conversation, mode: 'taken-over' | 'held', now: number): Step {
  const dropped = followedBy(dropPlayback({ ...state, reply: null }, now, false), dropResponse);
  return followedBy(dropped, (next) =>
    step(
      {
        ...next,
        mode,
        slot: unwanted(next.slot),
        owesReply: false,
        brokenOff: null,
        agentSpokeLast: false,
      },
      { type: 'stop-timer', name: 'greeting' },
    ),
  );
}

/** The agent talks again. */
export function givenBack(state: Conversation): Step {
  if (state.mode !== 'taken-over') return step(state);
  const told = step(
    { ...state, mode: 'talking', activity: state.activity + 1 } satisfies Conversation,
    { type: 'record', happening: { type: 'call-steered', action: 'give_back', value: null } },
    { type: 'add-text', role: 'system', text: whatHappened },
  );
  return followedBy(told, (next) => ask(next, goOn));
}

const whatHappened =
  '[Your client has talked with the person directly for a while. You heard the person, but not your client.]';
const goOn =
  'Your client has just handed the conversation back to you. Go on from there in one short sentence: do not greet again, and ask where you do not know what was agreed.';
