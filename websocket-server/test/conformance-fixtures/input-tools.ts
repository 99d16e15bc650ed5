import { randomBytes } from 'node:crypto';
import {
  acceptedContent,
  createRequestStateCodec,
  inputRequired,
  inputResponse,
} from '@modelcontextprotocol/server';
import type { InputRequest, InputRequests, ServerContext } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { askModel, capabilitiesOf, sampledText } from './asking-tools.ts';
import { textResult } from './fixture-tool.ts';
import type { FixtureTool } from './fixture-tool.ts';

interface State {
  readonly step: number;
  readonly name?: string;
}

/** Signs what the client brings back; the server refuses what it did not sign. */
export const requestStates = createRequestStateCodec<State>({ key: randomBytes(32) });

/** Asks for one text field, which must be given. */
export function askFor(message: string, field: string): InputRequest {
  return inputRequired.elicit({
    message,
    requestedSchema: { type: 'object', properties: { [field]: { type: 'string' } }, required: [field] },
  });
}

const confirm = inputRequired.elicit({
  message: 'Please confirm',
  requestedSchema: { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'] },
});

/** The answered field of a question; undefined when it was not answered as asked. */
export function answered({ mcpReq }: ServerContext, key: string, field: string): string | undefined {
  const content = acceptedContent(mcpReq.inputResponses, key, z.object({ [field]: z.string() }));
  return content?.[field];
}

/** Tools that ask by their result and are called again with the answers, as 2026-07-28 has it. */
export const inputTools: readonly FixtureTool[] = [
  {
    name: 'test_input_required_result_elicitation',
    description: 'Asks for a name',
    run: (_args, context) => {
      const name = answered(context, 'user_name', 'name');
      if (name !== undefined) return textResult(`Hello, ${name}!`);
      return inputRequired({ inputRequests: { user_name: askFor('What is your name?', 'name') } });
    },
  },
  {
    name: 'test_input_required_result_sampling',
    description: 'Has the client ask its model',
    run: (_args, { mcpReq }) => {
      const capital = sampledText(mcpReq, 'capital_question');
      if (capital !== undefined) return textResult(capital);
      return inputRequired({
        inputRequests: { capital_question: askModel('What is the capital of France?', 100) },
      });
    },
  },
  {
    name: 'test_input_required_result_list_roots',
    description: 'Asks for the roots of the client',
    run: (_args, { mcpReq }) => {
      const answer = inputResponse(mcpReq.inputResponses, 'client_roots');
      if (answer.kind === 'roots') return textResult(answer.roots.map(({ uri }) => uri).join(', '));
      return inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } });
    },
  },
  {
    name: 'test_input_required_result_request_state',
    description: 'Gives the client a state to bring back',
    run: async (_args, context) => {
      const state = context.mcpReq.requestState<State>();
      const isConfirmed = inputResponse(context.mcpReq.inputResponses, 'confirm').kind === 'elicit';
      if (state !== undefined && isConfirmed) return textResult('state-ok');
      return inputRequired({
        inputRequests: { confirm },
        requestState: await requestStates.mint({ step: 1 }),
      });
    },
  },
  {
    name: 'test_input_required_result_tampered_state',
    description: 'Refuses a state that the client changed',
    run: async (_args, context) => {
      const state = context.mcpReq.requestState<State>();
      if (state !== undefined) return textResult('state-ok');
      return inputRequired({
        inputRequests: { confirm },
        requestState: await requestStates.mint({ step: 1 }),
      });
    },
  },
  {
    name: 'test_input_required_result_multiple_inputs',
    description: 'Asks for three things at once',
    run: async (_args, context) => {
      const { mcpReq } = context;
      const name = answered(context, 'user_name', 'name');
      const greeting = sampledText(mcpReq, 'greeting');
      const roots = inputResponse(mcpReq.inputResponses, 'client_roots');
      if (name !== undefined && greeting !== undefined && roots.kind === 'roots') {
        return textResult(`${greeting} ${name}, ${roots.roots.length} roots`);
      }
      return inputRequired({
        inputRequests: {
          user_name: askFor('What is your name?', 'name'),
          greeting: askModel('Generate a greeting', 50),
          client_roots: inputRequired.listRoots(),
        },
        requestState: await requestStates.mint({ step: 1 }),
      });
    },
  },
  {
    name: 'test_input_required_result_multi_round',
    description: 'Asks twice, one thing after the other',
    run: async (_args, context) => {
      const state = context.mcpReq.requestState<State>();
      const color = answered(context, 'step2', 'color');
      if (state?.step === 2 && color !== undefined) return textResult(`${state.name} likes ${color}.`);
      const name = answered(context, 'step1', 'name');
      if (state?.step === 1 && name !== undefined) {
        return inputRequired({
          inputRequests: { step2: askFor('Step 2: What is your favorite color?', 'color') },
          requestState: await requestStates.mint({ step: 2, name }),
        });
      }
      return inputRequired({
        inputRequests: { step1: askFor('Step 1: What is your name?', 'name') },
        requestState: await requestStates.mint({ step: 1 }),
      });
    },
  },
  {
    name: 'test_input_required_result_capabilities',
    description: 'Asks only for what the client can do',
    run: (_args, { mcpReq }) => {
      const can = capabilitiesOf(mcpReq);
      const inputRequests: InputRequests = {
        ...(can['elicitation'] !== undefined && { user_name: askFor('What is your name?', 'name') }),
        ...(can['sampling'] !== undefined && { greeting: askModel('Generate a greeting', 50) }),
        ...(can['roots'] !== undefined && { client_roots: inputRequired.listRoots() }),
      };
      const isAnswered = Object.keys(mcpReq.inputResponses ?? {}).length > 0;
      if (isAnswered || Object.keys(inputRequests).length === 0) return textResult('Nothing to ask.');
      return inputRequired({ inputRequests });
    },
  },
];
