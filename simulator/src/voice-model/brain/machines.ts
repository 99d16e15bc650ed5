import type { Act, Situation } from '../dialogue.ts';
import { close, endCall, report } from './closing.ts';
import { keyFor } from './menu.ts';
import { introduction } from './phrasing.ts';
import { keysPressedFor } from './progress.ts';
import { mostAgentTurns, say } from './scene.ts';
import type { Scene } from './scene.ts';

const mostKeys = 8;
const mostKeysPerMenu = 4;

/** Voicemail, phone menus, hold and call screening. */
export function forMachines(scene: Scene): readonly Act[] | undefined {
  const { knowledge, progress, meanings, situation } = scene;
  if (progress.voicemail !== 'none') return atVoicemail(scene);
  if (progress.heard === '') return undefined;
  if (meanings.has('menu')) {
    if (!situation.tools.includes('press_digits')) return [];
    const pressed = situation.dialogue.filter(
      (turn) => turn.by === 'tool-call' && turn.name === 'press_digits',
    );
    const inVain = keysPressedFor(progress.heard, situation.dialogue);
    if (pressed.length >= mostKeys || inVain.length >= mostKeysPerMenu)
      return close(scene, 'failed', undefined);
    const digits = keyFor(progress.heard, knowledge, inVain);
    return [{ type: 'call-tool', name: 'press_digits', arguments: { digits } }];
  }
  if (meanings.has('screening') && !meanings.has('refusal')) {
    if (progress.agentTurns >= mostAgentTurns) return undefined;
    const who = isScreeningMachine.test(progress.heard) ? identify(situation, 'screening') : [];
    return [say(introduction(knowledge), 'introduction'), ...who];
  }
  if (!meanings.has('hold')) return undefined;
  if (!situation.tools.includes('stay_silent')) return [];
  return [{ type: 'call-tool', name: 'stay_silent', arguments: { reason: 'on_hold' } }];
}

function atVoicemail(scene: Scene): readonly Act[] {
  const { knowledge, progress, situation } = scene;
  const isAsked = progress.news.some((turn) => turn.by === 'client' && /\bshort message\b/i.test(turn.text));
  const message = knowledge.voicemailMessage ?? (isAsked ? introduction(knowledge) : undefined);
  const who = identify(situation, 'voicemail');
  if (message === undefined)
    return [...who, ...report(scene, 'voicemail'), ...endCall(situation, 'voicemail')];
  const mayWait = progress.voicemail === 'greeting' && progress.heard !== '';
  if (mayWait || progress.intents.includes('message')) return who;
  return [say(message, 'message'), ...report(scene, 'voicemail'), ...endCall(situation, 'left a message')];
}

const isScreeningMachine = /\bcall screening\b|\bscreen(?:s|ing) (?:this|your) call\b/i;

/** Says once what has answered. */
function identify({ tools, dialogue }: Situation, answerer: 'voicemail' | 'screening'): readonly Act[] {
  const isKnown = dialogue.some((turn) => turn.by === 'tool-call' && turn.name === 'who_answered');
  if (isKnown || !tools.includes('who_answered')) return [];
  return [{ type: 'call-tool', name: 'who_answered', arguments: { answerer } }];
}
