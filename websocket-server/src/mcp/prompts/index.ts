import type { McpServer } from '@modelcontextprotocol/server';
import type { CallControl } from '../../control/call-control.ts';
import { handset } from '../icon.ts';
import type { NameOf } from '../tool.ts';
import { bookTable } from './book-table.ts';
import { cancelSubscription } from './cancel-subscription.ts';
import { checkStock } from './check-stock.ts';
import { confirmAppointment } from './confirm-appointment.ts';
import type { Prompt } from './prompt.ts';
import { waitOnHold } from './wait-on-hold.ts';

/** Every prompt, in the order in which lists show them. */
const prompts: readonly Prompt[] = [
  bookTable,
  checkStock,
  cancelSubscription,
  confirmAppointment,
  waitOnHold,
];

/** @returns puts all prompts on a server */
export function preparePrompts(control: CallControl, nameOf: NameOf): (server: McpServer) => void {
  const prepared = prompts.map((prompt) => ({ ...prompt, ...prompt.prepare(control, nameOf) }));
  return (server) => {
    for (const { name, title, description, argsSchema, write } of prepared) {
      server.registerPrompt(name, { title, description, argsSchema, icons: [handset] }, (args) => ({
        description,
        messages: [{ role: 'user', content: { type: 'text', text: write(args) } }],
      }));
    }
  };
}
