import { ResourceTemplate } from '@modelcontextprotocol/server';
import type {
  McpServer,
  ReadResourceResult,
  Resource,
  ResourceLink,
  TextResourceContents,
} from '@modelcontextprotocol/server';
import { durationSeconds, isEnded } from '../../call/call.ts';
import type { Call } from '../../call/call.ts';
import type { Audit } from '../../control/audit-log.ts';
import type { CallControl, CallReading } from '../../control/call-control.ts';
import type { Access } from '../../lib/access.ts';
import { mcpActor } from '../tool-audit.ts';
import { endingOf, reportOf } from '../call-report.ts';
import type { ReportContext } from '../call-report.ts';
import { transcriptEntries } from '../transcript-entries.ts';
import type { TranscriptEntry } from '../transcript-entries.ts';
import { callUri, callUriTemplates } from './call-uris.ts';
import type { CallPart } from './call-uris.ts';
import { namedCall } from './named-call.ts';

export interface ResourceHouse extends ReportContext {
  readonly control: CallControl;
  readonly audit: Audit;
  readonly access: Access;
}

/** How many of the latest calls a list shows, and a completion looks through. */
const latestCalls = 50;
/** Nothing changes any more in a call that has ended. */
const endedTtlMs = 300_000;

const texts: Readonly<Record<CallPart, { name: string; title: string; description: string }>> = {
  report: {
    name: 'call',
    title: 'Phone call',
    description: 'A phone call as it stands: its state, duration and result.',
  },
  transcript: {
    name: 'transcript',
    title: 'What was said in a phone call',
    description: 'What was said in a phone call so far, in spoken order: as JSON, and as text to read.',
  },
};

/** Makes the calls readable as resources. */
export function registerCallResources(server: McpServer, house: ResourceHouse): void {
  const complete = { callId: (begun: string) => callIdsLike(begun, house.control) };
  for (const part of ['report', 'transcript'] as const) {
    const { name, ...told } = texts[part];
    // Both parts of each call come in one list, newest call first, so only one of the templates lists.
    const list =
      part === 'report' ? async () => ({ resources: await latestResources(house.control) }) : undefined;
    server.registerResource(
      name,
      new ResourceTemplate(callUriTemplates[part], { list, complete }),
      { ...told, mimeType: 'application/json' },
      (uri) => readCallResource(uri.href, house),
    );
  }
}

/** A pointer to a call's transcript, to go with a tool's result. */
export function transcriptLink(callId: string): ResourceLink {
  return {
    type: 'resource_link',
    uri: callUri(callId, 'transcript'),
    ...texts.transcript,
    mimeType: 'application/json',
  };
}

async function latestResources(control: CallControl): Promise<Resource[]> {
  const { calls } = await control.list({ limit: latestCalls });
  return calls.flatMap((call) => (['report', 'transcript'] as const).map((part) => resourceOf(call, part)));
}

function resourceOf(call: Call, part: CallPart): Resource {
  const other = call.direction === 'outbound' ? `to ${call.to}` : `from ${call.from}`;
  const words = part === 'report' ? `Call ${other}` : `What was said in the call ${other}`;
  return {
    uri: callUri(call.callId, part),
    name: part === 'report' ? call.callId : `${call.callId} transcript`,
    title: words,
    description: `${words}, ${new Date(call.requestedAt).toISOString()}: ${shortened(call.errand.goal)}`,
    mimeType: 'application/json',
    annotations: { lastModified: new Date(call.endedAt ?? call.requestedAt).toISOString() },
  };
}

function shortened(goal: string): string {
  return goal.length <= 120 ? goal : `${goal.slice(0, 119).trimEnd()}…`;
}

async function callIdsLike(begun: string, control: CallControl): Promise<string[]> {
  const { calls } = await control.list({ limit: latestCalls });
  return calls.map(({ callId }) => callId).filter((callId) => callId.startsWith(begun));
}

async function readCallResource(uri: string, house: ResourceHouse): Promise<ReadResourceResult> {
  const { part, reading } = await namedCall(uri, house.control);
  const action = part === 'transcript' ? 'transcript-read' : 'call-read';
  house.audit.note(mcpActor(house.access), { action, outcome: 'done', callId: reading.call.callId });
  const json = (value: unknown): TextResourceContents => ({
    uri,
    mimeType: 'application/json',
    text: JSON.stringify(value, null, 2),
  });
  const contents =
    part === 'report'
      ? [json(reportOf(reading.call, house))]
      : [
          json(transcriptOf(reading, house)),
          { uri, mimeType: 'text/plain', text: readableTranscript(reading.call, transcriptEntries(reading)) },
        ];
  return { contents, ttlMs: isEnded(reading.call) ? endedTtlMs : 0, cacheScope: 'private' };
}

function transcriptOf(reading: CallReading, { clock }: ResourceHouse): Readonly<Record<string, unknown>> {
  const { call } = reading;
  return {
    callId: call.callId,
    state: call.state,
    duration: durationSeconds(call, clock.now()),
    result: endingOf(call).result,
    transcript: transcriptEntries(reading),
  };
}

const speakers: Readonly<Record<TranscriptEntry['role'], string>> = {
  user: 'Person',
  assistant: 'Agent',
  tool: 'Agent did',
};

/** The conversation as a person would read it, a line for each turn, and how it ended. */
function readableTranscript(call: Call, entries: readonly TranscriptEntry[]): string {
  const lines = entries.map(
    ({ role, content, interrupted }) => `${speakers[role]}: ${content}${interrupted ? ' —' : ''}`,
  );
  if (call.endReason !== null) lines.push(`(${call.endReason.message})`);
  return lines.length === 0 ? '(Nothing has been said yet.)' : lines.join('\n');
}
