import type { Tool } from '../tool.ts';
import { answerQuestion } from './answer-question.ts';
import { cancelCall } from './cancel-call.ts';
import { callStatus } from './call-status.ts';
import { controlCall } from './control-call.ts';
import { listCalls } from './list-calls.ts';
import { placeCall } from './place-call.ts';
import { readTranscript } from './read-transcript.ts';
import { waitForCall } from './wait-for-call.ts';

/** Every tool, in the order in which lists show them. */
export const tools: readonly Tool[] = [
  placeCall,
  callStatus,
  waitForCall,
  answerQuestion,
  controlCall,
  cancelCall,
  readTranscript,
  listCalls,
];
