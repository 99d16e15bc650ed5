import {
  CLIENT_CAPABILITIES_META_KEY,
  acceptedContent,
  inputRequired,
  inputResponse,
} from '@modelcontextprotocol/server';
import type { ElicitRequestFormParams, InputRequest, ServerContext } from '@modelcontextprotocol/server';
import { textResult } from './fixture-tool.ts';
import type { FixtureTool } from './fixture-tool.ts';

/** Tools that ask the client for something while they run, as 2025 servers do. */
export const askingTools: readonly FixtureTool[] = [
  {
    name: 'test_sampling',
    description: 'Has the client ask its model',
    needs: ['prompt'],
    run: async ({ prompt = '' }, { mcpReq }) => {
      const { content } = await mcpReq.requestSampling(
        { messages: [{ role: 'user', content: { type: 'text', text: prompt } }], maxTokens: 100 },
        onTheStreamOf(mcpReq),
      );
      const parts = Array.isArray(content) ? content : [content];
      const words = parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
      return textResult(`LLM response: ${words}`);
    },
  },
  {
    name: 'test_elicitation',
    description: 'Asks the user for two texts',
    needs: ['message'],
    run: ({ message = '' }, context) =>
      asked(context, 'User response', {
        message,
        requestedSchema: {
          type: 'object',
          properties: {
            username: { type: 'string', description: "User's response" },
            email: { type: 'string', description: "User's email address" },
          },
          required: ['username', 'email'],
        },
      }),
  },
  {
    name: 'test_elicitation_sep1034_defaults',
    description: 'Asks the user with a default for every kind of field',
    run: (_args, context) =>
      asked(context, 'Elicitation completed', {
        message: 'Look through these fields',
        requestedSchema: {
          type: 'object',
          properties: {
            name: { type: 'string', default: 'John Doe' },
            age: { type: 'integer', default: 30 },
            score: { type: 'number', default: 95.5 },
            status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
            verified: { type: 'boolean', default: true },
          },
        },
      }),
  },
  {
    name: 'test_elicitation_sep1330_enums',
    description: 'Asks the user to choose, in every form that a choice has',
    run: (_args, context) =>
      asked(context, 'Elicitation completed', {
        message: 'Choose',
        requestedSchema: {
          type: 'object',
          properties: {
            untitledSingle: { type: 'string', enum: ['option1', 'option2', 'option3'] },
            titledSingle: { type: 'string', oneOf: titled('value', 'Option') },
            legacyEnum: {
              type: 'string',
              enum: ['opt1', 'opt2', 'opt3'],
              enumNames: ['Option One', 'Option Two', 'Option Three'],
            },
            untitledMulti: {
              type: 'array',
              items: { type: 'string', enum: ['option1', 'option2', 'option3'] },
            },
            titledMulti: { type: 'array', items: { anyOf: titled('value', 'Choice') } },
          },
        },
      }),
  },
  {
    name: 'test_missing_capability',
    description: 'Serves only clients that can sample',
    // What a client cannot do, the server refuses to ask it for.
    run: (_args, { mcpReq }) => {
      if (sampledText(mcpReq, 'question') !== undefined) return textResult('The client can sample.');
      return inputRequired({ inputRequests: { question: askModel('Which day is it?', 20) } });
    },
  },
  {
    name: 'test_streaming_elicitation',
    description: 'Asks the user in the 2026-07-28 way, where nothing but the result may ask',
    run: (_args, { mcpReq }) => {
      const answer = acceptedContent(mcpReq.inputResponses, 'answer');
      if (answer !== undefined) return textResult('Answered.');
      return inputRequired({
        inputRequests: {
          answer: inputRequired.elicit({
            message: 'Go on?',
            requestedSchema: { type: 'object', properties: { goOn: { type: 'boolean' } } },
          }),
        },
      });
    },
  },
];

async function asked(
  { mcpReq }: ServerContext,
  opening: string,
  question: ElicitRequestFormParams,
): Promise<ReturnType<typeof textResult>> {
  const { action, content } = await mcpReq.elicitInput(question, onTheStreamOf(mcpReq));
  return textResult(`${opening}: action=${action}, content=${JSON.stringify(content ?? {})}`);
}

/** A question goes out with the answer it is for: the client may not have opened the session's own stream yet. */
function onTheStreamOf({ id }: ServerContext['mcpReq']) {
  return { relatedRequestId: id };
}

function titled(value: string, title: string) {
  return ['First', 'Second', 'Third'].map((nth, index) => ({
    const: `${value}${index + 1}`,
    title: `${nth} ${title}`,
  }));
}

export function askModel(text: string, maxTokens: number): InputRequest {
  return inputRequired.createMessage({
    messages: [{ role: 'user', content: { type: 'text', text } }],
    maxTokens,
  });
}

/** What the client of a 2026-07-28 request says it can do. */
export function capabilitiesOf(mcpReq: ServerContext['mcpReq']): Readonly<Record<string, unknown>> {
  const envelope: Readonly<Record<string, unknown>> = mcpReq.envelope ?? {};
  return { ...(envelope[CLIENT_CAPABILITIES_META_KEY] as Record<string, unknown> | undefined) };
}

/** The text of a sampling answer; undefined when there is none. */
export function sampledText(mcpReq: ServerContext['mcpReq'], key: string): string | undefined {
  const answer = inputResponse(mcpReq.inputResponses, key);
  if (answer.kind !== 'sampling') return undefined;
  const { content } = answer.result;
  const parts = Array.isArray(content) ? content : [content];
  return parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
}
