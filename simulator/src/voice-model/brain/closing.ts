import type { Act, Situation } from '../dialogue.ts';
import { agreed, outcomeOf, tellingPart } from './outcome.ts';
import type { Status } from './outcome.ts';
import { readBack } from './phrasing.ts';
import { say } from './scene.ts';
import type { Scene } from './scene.ts';

/** Says back what was agreed, and ends the call. */
export function closeConfirmed(scene: Scene): readonly Act[] {
  const { knowledge, progress } = scene;
  const { name, ...rest } = agreed(knowledge, progress);
  const isNameTold = name !== undefined && progress.told.includes(name.toLowerCase());
  const said = readBack({ ...rest, name: isNameTold ? name : undefined });
  return close(scene, 'confirmed', `${said} Thank you very much. Goodbye.`);
}

/** Says back what was told, once. */
export function closeTold(scene: Scene): readonly Act[] {
  const told = sentence(tellingPart(scene.progress.heard));
  return close(scene, 'confirmed', `Thank you. So, to repeat: ${told} That is all. Goodbye.`);
}

/** Takes leave, reports, and hangs up. @param farewell nothing: without a word */
export function close(scene: Scene, status: Status, farewell: string | undefined): readonly Act[] {
  const goodbye = farewell === undefined ? [] : [say(farewell, 'goodbye')];
  return [...goodbye, ...report(scene, status), ...endCall(scene.situation, reasons[status])];
}

const reasons: Readonly<Record<Status, string>> = {
  confirmed: 'the goal is reached',
  failed: 'the goal cannot be reached',
  human_escalation: 'someone else has to deal with it',
  no_answer: 'nobody spoke',
  voicemail: 'voicemail',
};

/** Tells what came of the goal, once. */
export function report({ knowledge, progress, situation }: Scene, status: Status): readonly Act[] {
  if (progress.hasReported || !situation.tools.includes('report_outcome')) return [];
  return [
    { type: 'call-tool', name: 'report_outcome', arguments: { ...outcomeOf(status, knowledge, progress) } },
  ];
}

/** Hangs up, where the agent can. */
export function endCall({ tools }: Situation, reason: string): readonly Act[] {
  return tools.includes('end_call') ? [{ type: 'call-tool', name: 'end_call', arguments: { reason } }] : [];
}

/** Ends with a full stop, unless it ends as a sentence already. */
export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
