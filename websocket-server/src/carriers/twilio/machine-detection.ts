import type { DialRequest, MachineVerdict } from '../carrier.ts';
import type { FormFields } from './rest-api.ts';

/**
 * The parameters of a call whose answerer Twilio is to find out. Asynchronous, or the person would hear seconds of
 * silence before our first document; with a callback, or nobody would hear of the result (warning 21262).
 */
export function detection(detects: DialRequest['detects'], callbackUrl: string): FormFields {
  if (detects === 'nothing') return [];
  return [
    ['MachineDetection', detects === 'beep' ? 'DetectMessageEnd' : 'Enable'],
    ['AsyncAmd', 'true'],
    ['AsyncAmdStatusCallback', callbackUrl],
    ['AsyncAmdStatusCallbackMethod', 'POST'],
  ];
}

/** Twilio's `AnsweredBy` (twilio.com/docs/voice/answering-machine-detection) in our words. */
const verdicts: ReadonlyMap<string, MachineVerdict> = new Map<string, MachineVerdict>([
  ['human', 'human'],
  ['machine_start', 'machine'],
  ['machine_end_beep', 'beep'],
  // No beep was heard: a phone menu falls silent, too.
  ['machine_end_silence', 'machine'],
  ['machine_end_other', 'machine'],
  ['fax', 'fax'],
  ['unknown', 'unknown'],
]);

/** @returns undefined for a word that is not in the table */
export function verdictOf(answeredBy: string): MachineVerdict | undefined {
  return verdicts.get(answeredBy);
}
