import process from 'node:process';
import { createMcpLegs } from '../../src/mcp/mcp-legs.ts';
import { FakeCallControl, fakeStart } from './fake-call-control.ts';
import { ManualClock } from './manual-clock.ts';
import { mcpLegsOptions } from './mcp-house.ts';

/** The stdio leg as a process of its own, over fake calls. */
const legs = createMcpLegs(mcpLegsOptions(new FakeCallControl(), new ManualClock(fakeStart)));
await legs.serveStdio(process.stdin, process.stdout);
await legs.close();
