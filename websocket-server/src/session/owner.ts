import { ask } from './ask.ts';
import type { Conversation, Steering, Step } from './conversation-state.ts';
import { followedBy, step } from './conversation-state.ts';
import { givenBack, putOnHold, takenOffHold, takenOver } from './takeover.ts';

/** What the owner of the errand says to the agent in mid-call. */
export function ownerAnswered(state: Conversation, questionId: string, answer: string): Step {
  if (state.question?.toolCallId !== questionId) return step(state);
  const output = state.question.isTool === true ? answer : `Your client answers: "${answer}"`;
  return settle(state, questionId, answer, output);
}

/** The owner was asked and said nothing in time. */
export function ownerSilent(state: Conversation): Step {
  if (state.question === null) return step(state);
  const output =
    'No answer came in time. Tell the person so and go on with what you know. Agree to nothing that you were not told; offer that your client will call back.';
  return settle(state, state.question.toolCallId, null, output);
}

function settle(state: Conversation, questionId: string, answer: string | null, output: string): Step {
  const settled = step(
    { ...state, question: null },
    { type: 'stop-timer', name: 'owner' },
    { type: 'answer-tool', toolCallId: questionId, output },
    { type: 'record', happening: { type: 'question-answered', questionId, answer } },
    { type: 'record', happening: { type: 'tool-answered', toolCallId: questionId, output } },
  );
  return state.mode === 'over' ? settled : followedBy(settled, ask);
}

/** Whether something can come of it now: there is nobody to talk to, or the agent takes its leave, or talks to a recorder. */
export function isHeeded({ mode }: Conversation, { action }: Pick<Steering, 'action'>): boolean {
  if (mode === 'waiting' || mode === 'away' || mode === 'over') return false;
  return action !== 'hold' || (mode !== 'ending' && mode !== 'voicemail');
}

/** The owner takes a hand. Their words reach the agent as the client's, never as the person's. */
export function steered(state: Conversation, steering: Steering, now: number): Step {
  if (!isHeeded(state, steering)) return step(state);
  if (state.mode === 'taken-over' && (steering.action === 'say' || steering.action === 'resume')) {
    return followedBy(givenBack(state), (next) =>
      steering.action === 'say' ? steered(next, steering, now) : step(next),
    );
  }
  switch (steering.action) {
    case 'say':
      return ask(
        { ...state, mode: talking(state) },
        `Say to the person, word for word: "${steering.text}"`,
        true,
      );
    case 'guide': {
      const text = `[Your client tells you, unheard by the person: ${steering.text}]`;
      return step(state, { type: 'add-text', role: 'system', text });
    }
    case 'press': {
      const keys = { toolCallId: null, digits: steering.digits };
      // Those of the agent, which waits to be told that they were pressed, go first.
      return state.keysToPress === null
        ? step({ ...state, keysToPress: keys })
        : step({ ...state, keysAfter: [...state.keysAfter, keys] });
    }
    case 'take_over':
      return takenOver(state, now);
    case 'give_back':
      return givenBack(state);
    case 'hold':
      return putOnHold(state, now);
    case 'resume':
      return state.mode === 'held' ? takenOffHold(state) : ask({ ...state, mode: talking(state) });
  }
}

function talking(state: Conversation): Conversation['mode'] {
  return state.mode === 'ending' ? 'ending' : 'talking';
}
