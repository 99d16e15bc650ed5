import process from 'node:process';
import { createMcpLegs } from '../../src/mcp/mcp-legs.ts';
import { silentLog } from '../../src/lib/log.ts';
import { silentAudit } from '../../src/control/audit-log.ts';
import { systemRuntime } from '../../src/lib/system-runtime.ts';
import { FakeCallControl } from '../fakes/fake-call-control.ts';
import { serve } from '../http-fakes.ts';
import { conformanceFixtures } from './conformance-fixtures.ts';

/**
 * The product's HTTP stack over calls that ring nobody, on a free port, until it is stopped by a signal. With
 * `--fixtures`, it also has what the official suite calls by name.
 */
const hasFixtures = process.argv.includes('--fixtures');
const control = new FakeCallControl();
const mcp = createMcpLegs({
  audit: silentAudit,
  control,
  runtime: systemRuntime(silentLog),
  serverInfo: { name: 'mcp-telephone', version: '0.0.0' },
  toolNames: 'auto',
  stateSecret: 'of no use to anybody',
  pageUrlOf: (callId) => `http://localhost/calls/${callId}`,
  ...(hasFixtures && { extension: conformanceFixtures }),
});
const { url } = await serve({}, { control, mcp });
process.stdout.write(`${url}\n`);
