import { readToolUse } from '../agent/agent-tools.ts';
import { ask } from './ask.ts';
import type { Conversation, ConversationInput, Step } from './conversation-state.ts';
import { followedBy, step } from './conversation-state.ts';
import { endCall } from './ending.ts';
import { lastTurnId } from './turns.ts';

type ToolCalled = Extract<ConversationInput, { type: 'tool-called' }>;

/** The agent used a tool: what it does to the call, and what the agent is told. */
export function toolCalled(state: Conversation, call: ToolCalled): Step {
  const recorded = step(state, {
    type: 'record',
    happening: {
      type: 'tool-called',
      toolCallId: call.toolCallId,
      name: call.name,
      arguments: call.arguments,
      afterTurnId: lastTurnId(state.turns),
    },
  });
  return followedBy(recorded, (next) => use(next, call));
}

function use(state: Conversation, call: ToolCalled): Step {
  const used = readToolUse(call.name, call.arguments);
  switch (used.kind) {
    case 'report-outcome': {
      const reported = step(
        { ...state, outcomeStatus: used.report.status },
        { type: 'report-outcome', report: used.report },
      );
      return followedBy(reported, (next) => answer(next, call, 'Reported.', next.mode === 'talking'));
    }
    case 'end-call': {
      const ending = endCall(state);
      if (ending === undefined)
        return answer(state, call, 'Not yet: the person is speaking. Listen first.', false);
      return followedBy(ending, (next) =>
        answer(next, call, 'The call ends once your goodbye has been heard.', false),
      );
    }
    case 'press-digits':
      if (state.keysToPress !== null) return answer(state, call, 'Keys are being pressed already.', false);
      return step(
        { ...state, keysToPress: { toolCallId: call.toolCallId, digits: used.digits }, owesReply: false },
        { type: 'record', happening: { type: 'digits-pressed', by: 'agent', digits: used.digits } },
      );
    case 'ask-owner':
      if (state.question !== null) {
        return answer(state, call, 'Another question is still open. Wait for its answer.', false);
      }
      return step(
        {
          ...state,
          question: { toolCallId: call.toolCallId },
          owesReply: false,
          activity: state.activity + 1,
        },
        {
          type: 'ask-owner',
          questionId: call.toolCallId,
          question: used.question,
          patienceMs: used.patienceMs,
        },
        { type: 'start-timer', name: 'owner', ms: used.patienceMs },
      );
    case 'stay-silent':
      return answer(
        { ...state, mode: state.mode === 'talking' ? 'silent' : state.mode, owesReply: false },
        call,
        'Listening.',
        false,
      );
    case 'invalid':
      return answer(state, call, used.message, true);
  }
}

function answer(state: Conversation, call: ToolCalled, output: string, wantsResponse: boolean): Step {
  const told = step(
    state,
    { type: 'answer-tool', toolCallId: call.toolCallId, output },
    { type: 'record', happening: { type: 'tool-answered', toolCallId: call.toolCallId, output } },
  );
  return wantsResponse ? followedBy(told, ask) : told;
}
