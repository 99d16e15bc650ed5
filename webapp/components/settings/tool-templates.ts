import type { OwnTool } from '../../live/settings-api.ts';

export interface ToolTemplate {
  readonly label: string;
  readonly tool: OwnTool;
}

/** Tools to begin with: one for each way of answering. */
export const toolTemplates: readonly ToolTemplate[] = [
  {
    label: 'Look something up (fixed answer)',
    tool: {
      name: 'get_weather',
      description: 'Tells the weather at a place. Use it when the person asks about the weather.',
      parameters: {
        type: 'object',
        properties: { location: { type: 'string', description: 'City, e.g. Lisbon' } },
        required: ['location'],
      },
      answer: { by: 'mock', output: '{"temperature": 21, "unit": "C", "sky": "sunny"}' },
    },
  },
  {
    label: 'Ask me (answered by hand)',
    tool: {
      name: 'check_calendar',
      description: 'Tells whether the client is free at a time. Use it before agreeing to an appointment.',
      parameters: {
        type: 'object',
        properties: {
          start: { type: 'string', description: 'Date and time, e.g. 2027-03-05T19:30' },
          duration_minutes: { type: 'integer', minimum: 5 },
        },
        required: ['start'],
      },
      answer: { by: 'hand', patienceSeconds: 45 },
    },
  },
  {
    label: 'Ask my server (webhook)',
    tool: {
      name: 'find_order',
      description: 'Finds an order by its number. Use it when an order is talked about.',
      parameters: {
        type: 'object',
        properties: { order_number: { type: 'string' } },
        required: ['order_number'],
      },
      answer: { by: 'webhook', url: 'https://example.com/tools/find-order', timeoutSeconds: 10 },
    },
  },
];

export interface InstructionTemplate {
  readonly label: string;
  readonly text: string;
}

/** Instructions to begin with. */
export const instructionTemplates: readonly InstructionTemplate[] = [
  {
    label: 'Brief and warm',
    text: 'Be warm and brief. One question at a time. Thank people for their time.',
  },
  {
    label: 'Formal',
    text: 'Be formal and precise. Use family names. Repeat every agreement word for word before you end the call.',
  },
  {
    label: 'Patient',
    text: 'Speak slowly and in simple words. Give people time to think, and offer to repeat things.',
  },
];
