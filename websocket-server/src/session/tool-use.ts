import { readToolUse } from '../agent/agent-tools.ts';
import { refusalOf } from '../agent/authority.ts';
import type { OwnTool } from '../agent/own-tool.ts';
import { ask } from './ask.ts';
import type { Conversation, ConversationInput, Step } from './conversation-state.ts';
import { followedBy, isKeptQuiet, step } from './conversation-state.ts';
import { endCall } from './ending.ts';
import { handToHuman, neverCallAgain } from './persons-wishes.ts';
import { lastTurnId } from './turns.ts';
import { answererHeard } from './who-answered.ts';

type ToolCalled = Extract<ConversationInput, { type: 'tool-called' }>;

/** The agent used a tool: what it does to the call, and what the agent is told. */
export function toolCalled(state: Conversation, call: ToolCalled, now: number): Step {
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
  return followedBy(recorded, (next) => use(next, call, now));
}

function use(state: Conversation, call: ToolCalled, now: number): Step {
  const used = readToolUse(call.name, call.arguments, state.ownTools);
  if (isKeptQuiet(state) && used.kind !== 'report-outcome') {
    return answer(state, call, state.mode === 'held' ? holdsYou : talksToPerson, false);
  }
  const why = refusalOf(used, state.authority, state.questionsAsked);
  if (why !== undefined) return refused(state, call, why);
  switch (used.kind) {
    case 'report-outcome': {
      const reported = step(
        { ...state, outcomeStatus: used.report.status },
        { type: 'report-outcome', report: used.report },
      );
      // A report of a voicemail says who answered, too.
      const heard = followedBy(reported, (next) =>
        used.report.status === 'voicemail' ? answererHeard(next, 'voicemail', now) : step(next),
      );
      return followedBy(heard, (next) => answer(next, call, 'Reported.', next.mode === 'talking'));
    }
    case 'who-answered':
      return whoAnswered(state, call, used.who, now);
    case 'end-call': {
      if (state.mode === 'voicemail') return answer(state, call, 'The call ends by itself.', false);
      if (state.mode === 'over') return answer(state, call, 'The call is over.', false);
      if (state.mode === 'ending' && state.ending?.isRevocable === false)
        return answer(state, call, 'The call ends by itself.', false);
      const ending = endCall(state);
      if (ending === undefined)
        return answer(state, call, 'Not yet: the person is speaking. Listen first.', false);
      return followedBy(ending, (next) =>
        answer(next, call, 'The call ends once your goodbye has been heard.', false),
      );
    }
    case 'press-digits':
      return pressDigits(state, call, used, now);
    case 'ask-owner':
      return askOwner(state, call, used.question, used.patienceMs);
    case 'own-tool':
      return useOwnTool(state, call, used.tool);
    case 'do-not-call':
      return followedBy(neverCallAgain(state), (next) =>
        answer(
          next,
          call,
          'The number is on the do-not-call list. The call ends once you have apologised.',
          false,
        ),
      );
    case 'hand-to-human':
      return followedBy(handToHuman(state, used.reason), (next) =>
        answer(
          next,
          call,
          state.canHandOver
            ? 'Your client is rung once you have said so.'
            : 'Nobody can take over now. Promise a call-back; the call ends then.',
          false,
        ),
      );
    case 'stay-silent':
      return answer(
        {
          ...state,
          mode: state.mode === 'talking' ? 'silent' : state.mode,
          owesReply: false,
          // Who puts the agent on hold takes no messages.
          ...(used.isOnHold && { answerer: { ...state.answerer, phase: 'open' } }),
        },
        call,
        'Listening.',
        false,
      );
    case 'invalid':
      return answer(state, call, used.message, true);
  }
}

/** The agent may not do it, so nothing is done; whoever reads the record sees that it tried. */
function refused(state: Conversation, call: ToolCalled, why: string): Step {
  const { toolCallId, name } = call;
  const recorded = step(state, {
    type: 'record',
    happening: { type: 'tool-refused', toolCallId, name, why },
  });
  return followedBy(recorded, (next) => answer(next, call, why, true));
}

/** Whoever presses keys is in a menu, unless the agent has said that it is something else. */
function pressDigits(
  state: Conversation,
  call: ToolCalled,
  { digits, secret }: { readonly digits: string; readonly secret: string | null },
  now: number,
): Step {
  if (state.keysToPress !== null) return answer(state, call, 'Keys are being pressed already.', false);
  if (state.mode === 'voicemail') return answer(state, call, 'A voicemail takes no keys.', false);
  const heard = state.answerer.isAgentSure ? step(state) : answererHeard(state, 'menu', now);
  return followedBy(heard, (next) =>
    step(
      { ...next, keysToPress: { toolCallId: call.toolCallId, digits, secret }, owesReply: false },
      { type: 'record', happening: { type: 'digits-pressed', by: 'agent', digits } },
    ),
  );
}

function whoAnswered(
  state: Conversation,
  call: ToolCalled,
  who: 'human' | 'voicemail' | 'menu' | 'screening',
  now: number,
): Step {
  const hasSpoken = state.playedResponse === call.responseId;
  return followedBy(answererHeard(state, who, now), (next) => {
    const isToSpeak = (who === 'human' || who === 'screening') && !hasSpoken && next.mode !== 'over';
    return answer(next, call, afterwards[who], isToSpeak);
  });
}

const talksToPerson = 'Your client is talking with the person. Wait.';
const holdsYou = 'Your client has put you on hold. Wait.';

const afterwards = {
  human: 'Noted. Go on with your goal.',
  voicemail: 'Noted. Say nothing: you are told when to leave a message, if one is to be left.',
  menu: 'Noted. Listen until you know which key to press.',
  screening: 'Noted. Say in one sentence who is calling and why, if you have not, then wait in silence.',
} as const;

function askOwner(state: Conversation, call: ToolCalled, question: string, patienceMs: number): Step {
  if (state.question !== null) {
    return answer(state, call, 'Another question is still open. Wait for its answer.', false);
  }
  const { toolCallId } = call;
  return step(
    {
      ...state,
      question: { toolCallId },
      questionsAsked: state.questionsAsked + 1,
      owesReply: false,
      activity: state.activity + 1,
    },
    { type: 'ask-owner', questionId: toolCallId, question, patienceMs },
    { type: 'start-timer', name: 'owner', ms: patienceMs },
  );
}

/** One of the owner's tools: it is answered at once, by an address elsewhere, or by the owner's own hand. */
function useOwnTool(state: Conversation, call: ToolCalled, tool: OwnTool): Step {
  switch (tool.answer.by) {
    case 'mock':
      return answer(state, call, tool.answer.output, true);
    case 'hand': {
      const question = `The agent uses the tool "${tool.name}" with ${call.arguments || '{}'}. What does the tool answer?`;
      const asked = askOwner(state, call, question, tool.answer.patienceSeconds * 1000);
      const { question: open } = asked.state;
      if (open?.toolCallId !== call.toolCallId) return asked;
      return { ...asked, state: { ...asked.state, question: { ...open, isTool: true } } };
    }
    case 'webhook': {
      const { toolCallId, name } = call;
      return step(
        {
          ...state,
          runningTools: [...state.runningTools, toolCallId],
          owesReply: false,
          activity: state.activity + 1,
        },
        { type: 'run-tool', tool, request: { toolCallId, name, arguments: call.arguments } },
      );
    }
  }
}

/** A tool that ran elsewhere has answered, or failed to. */
export function toolFinished(state: Conversation, toolCallId: string, output: string): Step {
  if (!state.runningTools.includes(toolCallId)) return step(state);
  const runningTools = state.runningTools.filter((id) => id !== toolCallId);
  const settled = step(
    { ...state, runningTools },
    { type: 'answer-tool', toolCallId, output },
    { type: 'record', happening: { type: 'tool-answered', toolCallId, output } },
  );
  return state.mode === 'over' ? settled : followedBy(settled, ask);
}

function answer(state: Conversation, call: ToolCalled, output: string, wantsResponse: boolean): Step {
  const told = step(
    state,
    { type: 'answer-tool', toolCallId: call.toolCallId, output },
    { type: 'record', happening: { type: 'tool-answered', toolCallId: call.toolCallId, output } },
  );
  return wantsResponse ? followedBy(told, ask) : told;
}
