import type { ElicitRequestFormParams } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { OpenQuestion } from '../../call/call.ts';
import type { UserReply } from './asking.ts';

/** A question as the form that clients show: some words and one field. */
export function questionForm({ question }: OpenQuestion): ElicitRequestFormParams {
  return {
    mode: 'form',
    message: `The agent is on the phone and asks you: ${question}`,
    requestedSchema: {
      type: 'object',
      properties: {
        answer: {
          type: 'string',
          title: 'Your answer',
          description: 'The agent goes on with it; the person on the phone is waiting.',
          minLength: 1,
          maxLength: 2000,
        },
      },
      required: ['answer'],
    },
  };
}

const reply = z.object({
  action: z.enum(['accept', 'decline', 'cancel']),
  content: z.looseObject({ answer: z.string().optional() }).optional().nullable(),
});

/**
 * What a client brought as the result of an elicitation. A form that was accepted empty says nothing, and counts
 * as turned away.
 *
 * @returns null for anything that is no such result
 */
export function replyOf(result: unknown): UserReply | null {
  const read = reply.safeParse(result);
  if (!read.success) return null;
  const answer = read.data.content?.answer?.trim() ?? '';
  return read.data.action === 'accept' && answer !== ''
    ? { action: 'answered', answer }
    : { action: 'refused' };
}
