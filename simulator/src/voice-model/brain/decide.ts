import type { Act, Situation, Turn } from '../dialogue.ts';
import { answerTo } from './answers.ts';
import { clientWish } from './client-wish.ts';
import type { ClientWish } from './client-wish.ts';
import { close, closeConfirmed, closeTold, endCall, sentence } from './closing.ts';
import { hasGoal, knowledgeIn } from './knowledge.ts';
import { forMachines } from './machines.ts';
import { clientName, isBooking, isInquiry, statusSoFar, tellingPart, wantedTime } from './outcome.ts';
import { askOwner, questionForOwner, withOwner } from './owner.ts';
import { goalPhrase, opening, resumed } from './phrasing.ts';
import { progressOf } from './progress.ts';
import { mostAgentTurns, say } from './scene.ts';
import type { Scene } from './scene.ts';
import { sideAnswer } from './side-question.ts';
import { meaningsOf, offeredTime, withoutLifeCheck } from './understanding.ts';

const mostNudges = 2;

/**
 * What the agent does next. A pure function: the same dialogue gets the same acts, and a dialogue of any
 * length comes to an end, since after eight turns the agent takes its leave.
 *
 * @returns the acts in their order; none to stay quiet
 */
export function decide(situation: Situation): readonly Act[] {
  const own = situation.responseInstructions;
  const isWhole = own !== undefined && hasGoal(own);
  const knowledge = knowledgeIn(isWhole ? own : situation.instructions);
  const told: readonly Turn[] = toldNow(situation, isWhole);
  const dialogue = situation.isSideQuestion ? situation.dialogue : [...situation.dialogue, ...told];
  const progress = progressOf(dialogue, wantedTime(knowledge));
  const meanings = meaningsOf(progress.heard, wantedTime(knowledge));
  const scene = { knowledge, progress, situation: { ...situation, dialogue }, meanings };
  if (situation.isSideQuestion || isForced(situation)) return sideAnswer(situation, knowledge, progress);
  return (
    afterEnding(scene) ??
    withOwner(scene.situation.dialogue, progress) ??
    forClient(scene) ??
    forMachines(scene) ??
    forNobody(scene) ??
    forPerson(scene)
  );
}

/** What a response's own instructions tell besides the session's, which they may repeat before it. */
function toldNow({ instructions, responseInstructions: own }: Situation, isWhole: boolean): readonly Turn[] {
  if (own === undefined) return [];
  if (!isWhole) return [{ by: 'client', text: own }];
  const rest = own.startsWith(instructions) ? own.slice(instructions.length).trim() : '';
  const wish = clientWish(rest)?.type;
  return wish !== undefined && atOnce.has(wish) ? [{ by: 'client', text: rest }] : [];
}

/** What a response is asked for instead of what it would be about. */
const atOnce: ReadonlySet<ClientWish['type']> = new Set(['say', 'connect', 'not-reached', 'close']);

function isForced({ toolChoice }: Situation): boolean {
  return typeof toolChoice === 'object' || toolChoice === 'required';
}

/** After the goodbye there is nothing to say, unless the person has another question. */
function afterEnding({ progress, meanings, situation, knowledge }: Scene): readonly Act[] | undefined {
  if (!progress.intents.includes('goodbye') && !progress.hasEnded) return undefined;
  const isNews = progress.heard !== '' && meanings.has('question') && !meanings.has('goodbye');
  const answer =
    isNews && progress.agentTurns < mostAgentTurns ? answerTo(progress.heard, knowledge) : undefined;
  if (answer !== undefined)
    return [say(`${answer} Goodbye.`, 'goodbye'), ...endCall(situation, 'said goodbye')];
  // A hang-up that was refused because the person was speaking is asked for again.
  const last = situation.dialogue.at(-1);
  const isStillThere = !progress.hasEnded || (last?.by === 'person' && last.text !== '');
  return isStillThere ? endCall(situation, 'said goodbye') : [];
}

/** What the client tells the agent to say or do comes before everything else. */
function forClient(scene: Scene): readonly Act[] | undefined {
  const news = scene.progress.news.findLast((turn) => turn.by === 'client');
  const wanted = news ? clientWish(news.text) : undefined;
  switch (wanted?.type) {
    case 'say':
      return [say(wanted.text, 'told')];
    case 'quiet':
      return [];
    case 'connect':
      return [say('I am connecting you with my client now. One moment, please.', 'told')];
    case 'not-reached':
      return [say('I am sorry, my client cannot be reached right now. Let us go on without.', 'told')];
    case 'close':
      return close(
        scene,
        statusSoFar(scene.knowledge, scene.progress),
        'I am sorry, I have to go. Thank you, goodbye.',
      );
    case 'open':
      return scene.progress.hasOpened || scene.progress.heard !== ''
        ? undefined
        : [say(opening(scene.knowledge), 'opening')];
    case 'nudge':
      return [say('Hello, are you still there?', 'nudge')];
    case 'ask':
      return scene.progress.heard === ''
        ? [say(`Also, I would like to ${goalPhrase(wanted.text)}.`, 'answer')]
        : undefined;
    default:
      return undefined;
  }
}

/** Nothing new was said: open the call, ask whether anyone is there, or give up. */
function forNobody(scene: Scene): readonly Act[] | undefined {
  const { progress, knowledge } = scene;
  if (progress.heard !== '') return undefined;
  if (progress.news.some((turn) => turn.by === 'tool-result')) return [];
  if (progress.wasQuiet) return [];
  const wasNoise = progress.news.some((turn) => turn.by === 'person' && turn.sounds.length === 0);
  if (!progress.hasOpened) return [say(opening(knowledge), 'opening')];
  const nudges = progress.intents.filter((intent) => intent === 'nudge').length;
  const pardons = progress.intents.filter((intent) => intent === 'pardon').length;
  if (wasNoise && pardons < mostNudges)
    return [say('Sorry, I did not catch that. Could you say it again?', 'pardon')];
  if (nudges < mostNudges) return [say('Hello, are you still there?', 'nudge')];
  const status = progress.said.length === 0 ? 'no_answer' : statusSoFar(knowledge, progress);
  return close(scene, status, 'I cannot hear anyone. I will try another time. Goodbye.');
}

/** Somebody said something. */
function forPerson(scene: Scene): readonly Act[] {
  const { knowledge, progress, meanings } = scene;
  if (progress.agentTurns >= mostAgentTurns) {
    return close(
      scene,
      statusSoFar(knowledge, progress),
      'Thank you for your time. I will tell my client. Goodbye.',
    );
  }
  const isFetched =
    progress.wasQuiet && meanings.has('greeting') && !meanings.has('confirmation') && !meanings.has('offer');
  if (meanings.has('robot')) return [say(`Yes, I am an AI assistant. ${resumed(knowledge)}`, 'opening')];
  const wished = aWish(scene);
  if (wished !== undefined) return wished;
  if (meanings.has('refusal')) return close(scene, 'failed', 'I am sorry for the trouble. Goodbye.');
  if (!progress.hasOpened || isFetched) return [say(opening(knowledge), 'opening')];
  if (withoutLifeCheck(progress.heard) === '') {
    return [say(`Yes, I am here. ${lastSentence(scene) ?? resumed(knowledge)}`, 'answer')];
  }
  if (meanings.has('repeat')) return [say(lastSentence(scene) ?? resumed(knowledge), 'answer')];
  if (knowledge.goal === undefined) return forCaller(scene);
  if (meanings.has('escalation')) {
    return close(scene, 'human_escalation', 'Thank you. I will let my client know. Goodbye.');
  }
  return aboutBooking(scene) ?? aboutGoal(scene);
}

/** Wishes that the agent has a tool for, which ends the call by itself. */
function aWish({ meanings, situation: { tools } }: Scene): readonly Act[] | undefined {
  if (meanings.has('no-more-calls') && tools.includes('do_not_call')) {
    return [
      say('I am sorry for the trouble. You will not be called again. Goodbye.', 'goodbye'),
      { type: 'call-tool', name: 'do_not_call', arguments: {} },
    ];
  }
  if (meanings.has('human-wanted') && tools.includes('hand_to_human')) {
    const reason = 'The person wants to talk to a human.';
    return [{ type: 'call-tool', name: 'hand_to_human', arguments: { reason } }];
  }
  return undefined;
}

/** What the agent said last, unless that was about the goal or was cut off. */
function lastSentence({ situation }: Scene): string | undefined {
  const last = situation.dialogue.findLast((turn) => turn.by === 'agent');
  const isAboutTalk = last?.intent === 'answer' || last?.intent === 'acceptance';
  return isAboutTalk && !last.isCut ? last.text : undefined;
}

/** Offers, refusals and questions. */
function aboutBooking(scene: Scene): readonly Act[] | undefined {
  const { knowledge, progress, meanings } = scene;
  const { heard } = progress;
  const other = offeredTime(heard, progress.acceptedTime ?? wantedTime(knowledge));
  const isOtherTime = meanings.has('offer') && other !== undefined && !isInquiry(knowledge);
  const isKnownOffer = progress.acceptedTime !== undefined && meanings.has('confirmation');
  if (isOtherTime && !isKnownOffer) {
    if (!knowledge.mayChange) {
      const wanted = wantedTime(knowledge);
      const why = wanted === undefined ? 'I may not change the time' : `I may only take ${wanted}`;
      return close(scene, 'failed', `I am sorry, ${why}. Thank you anyway. Goodbye.`);
    }
    const name = clientName(knowledge);
    const under =
      name === undefined || progress.told.includes(name.toLowerCase()) ? '' : `, under the name ${name}`;
    return [say(`Yes, ${withoutStop(other)} works. Please book that${under}.`, 'acceptance')];
  }
  if (meanings.has('unavailable')) {
    const hasAsked = progress.intents.includes('ask-for-more') || progress.acceptedTime !== undefined;
    if (!isBooking(knowledge) || !knowledge.mayChange || hasAsked) {
      return close(scene, 'failed', 'I understand. Thank you anyway. Goodbye.');
    }
    return [say('I understand. Do you have another time?', 'ask-for-more')];
  }
  if (meanings.has('anything-else')) {
    if (progress.confirmations.length > 0) return closeConfirmed(scene);
    if (tellingPart(heard) !== '') return closeTold(scene);
    return [say('Could you confirm that for me, please?', 'ask-to-confirm')];
  }
  if (!meanings.has('question')) return undefined;
  const answer = answerTo(heard, knowledge);
  if (answer !== undefined && !isOnlyAssent(scene)) return [say(answer, 'answer')];
  if (isOnlyAssent(scene)) return [say('Yes, please.', 'answer')];
  if (meanings.has('greeting')) return undefined;
  if (progress.confirmations.length > 0 && meanings.has('confirmation')) return undefined;
  const asked = questionForOwner(heard, scene.situation);
  if (asked !== undefined) return askOwner(asked);
  return [say('I do not have that information, please leave it open.', 'answer')];
}

/** "Shall I book it under the name Smith?" wants a yes, not the name. */
function isOnlyAssent({ meanings, progress }: Scene): boolean {
  return (
    meanings.has('assent-wanted') &&
    !/\b(?:what|which|who|how|spell)\b|\b(?:have|get) (?:a|the|your)\b/i.test(progress.heard)
  );
}

/** Confirmations, answers to inquiries, agreement and goodbyes. */
function aboutGoal(scene: Scene): readonly Act[] {
  const { knowledge, progress, meanings } = scene;
  const { heard } = progress;
  if (meanings.has('confirmation')) return closeConfirmed(scene);
  if (isInquiry(knowledge) && tellingPart(heard) !== '') {
    return close(
      scene,
      'confirmed',
      `Thank you. So, to repeat: ${sentence(heard)} That helps a lot. Goodbye.`,
    );
  }
  if (
    progress.confirmations.length > 0 ||
    (progress.intents.includes('ask-to-confirm') && meanings.has('agreement'))
  ) {
    return closeConfirmed(scene);
  }
  if (meanings.has('goodbye')) return close(scene, statusSoFar(knowledge, progress), 'Thank you. Goodbye.');
  if (meanings.has('greeting') && !meanings.has('agreement')) return [say(resumed(knowledge), 'opening')];
  if (meanings.has('agreement') || progress.intents.includes('acceptance')) {
    return progress.intents.includes('ask-to-confirm')
      ? closeConfirmed(scene)
      : [say('Thank you. Could you confirm that for me, please?', 'ask-to-confirm')];
  }
  if (progress.isOpeningCut) return [say(resumed(knowledge), 'opening')];
  return progress.intents.includes('ask-to-confirm')
    ? [say(isInquiry(knowledge) ? 'I see. Can you tell me more?' : 'I see. Is it arranged, then?', 'answer')]
    : [say('Thank you. Could you confirm that for me, please?', 'ask-to-confirm')];
}

/** Somebody rang us: the agent takes a message. */
function forCaller(scene: Scene): readonly Act[] {
  const { progress, meanings } = scene;
  const isDone = meanings.has('goodbye') || progress.intents.includes('ask-for-more');
  if (isDone)
    return close(scene, 'human_escalation', 'Thank you for your call. I will pass that on. Goodbye.');
  return [say('Thank you. I will pass that on. Is there anything else?', 'ask-for-more')];
}

function withoutStop(text: string): string {
  return text.replace(/\.$/, '');
}
