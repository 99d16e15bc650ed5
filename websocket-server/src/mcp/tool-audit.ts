import { callIdIn } from '../control/audit-log.ts';
import type { Actor, Audit, AuditNote } from '../control/audit-log.ts';
import type { Access } from '../lib/access.ts';
import { TelephoneError } from '../lib/errors.ts';
import { isRecord } from '../lib/is-record.ts';
import type { ToolName } from './tool-names.ts';

const actions: Readonly<Record<ToolName, string>> = {
  call: 'call-placed',
  status: 'call-read',
  wait: 'transcript-read',
  answer: 'question-answered',
  control: 'call-steered',
  cancel: 'call-canceled',
  transcript: 'transcript-read',
  list: 'calls-listed',
};

/** An MCP client as the audit log names it. */
export function mcpActor(access: Access): Actor {
  return { access, door: 'mcp', address: access.address ?? null };
}

/** Notes what a client does with a tool: once it is done, or why it was not. */
export function noteToolUse(
  tool: ToolName,
  rawArguments: unknown,
  { audit, access }: { readonly audit: Audit; readonly access: Access },
) {
  const actor = mcpActor(access);
  const args = isRecord(rawArguments) ? rawArguments : {};
  const action = actions[tool];
  const note = (what: AuditNote) => audit.note(actor, what);
  return {
    done(result: Readonly<Record<string, unknown>>): void {
      const callId = callIdIn(result['callId'] ?? args['callId']);
      if (tool === 'call' && args['dryRun'] === true) return;
      const detail = tool === 'control' && typeof args['action'] === 'string' ? args['action'] : null;
      note({ action, outcome: 'done', detail, callId });
      // While they waited the client's user was asked, too.
      if (tool !== 'answer' && result['ownerAnswer'] !== undefined) {
        note({ action: 'question-answered', outcome: 'done', callId });
      }
    },
    refused(error: unknown): void {
      const isTold = error instanceof TelephoneError;
      const rule = isTold && typeof error.details['rule'] === 'string' ? `: ${error.details['rule']}` : '';
      const detail = isTold ? `${error.code}${rule}` : 'internal-error';
      note({ action, outcome: 'refused', detail, callId: callIdIn(args['callId']) });
    },
  };
}
