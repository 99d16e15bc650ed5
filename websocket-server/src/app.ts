import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { agentTools } from './agent/agent-tools.ts';
import { createCarrier, createCarrierSetup } from './carriers/index.ts';
import { Probe } from './checkup/probe.ts';
import { readinessOf } from './checkup/readiness.ts';
import { chosenNumber, SetupDesk } from './checkup/setup-desk.ts';
import { voiceSampleOf } from './checkup/voice-sample.ts';
import type { Config } from './config/config.ts';
import { AuditLog } from './control/audit-log.ts';
import type { CallControl } from './control/call-control.ts';
import { DoNotCall } from './control/do-not-call.ts';
import { LimitsBook } from './control/policy/limits-book.ts';
import { priceTable, simulatedPriceTable } from './control/price-table.ts';
import { withChanges } from './control/prices.ts';
import { Export } from './control/export.ts';
import { Purge } from './control/purge.ts';
import { Recordings } from './control/recordings.ts';
import { Retention } from './control/retention.ts';
import { Switchboard } from './control/switchboard.ts';
import { WebhookDesk } from './control/webhooks/webhook-desk.ts';
import { webhookMessageOf } from './control/webhooks/webhook-event.ts';
import { sendWebhooks } from './control/webhooks/sending.ts';
import { createHttpDoors } from './http/http-doors.ts';
import { CallsUnstored } from './lib/errors.ts';
import type { Runtime } from './lib/runtime.ts';
import { createMcpLegs } from './mcp/mcp-legs.ts';
import { SettingsBook } from './settings/settings-book.ts';
import { openStores } from './storage/index.ts';
import { RecordingFiles } from './storage/recording-files.ts';
import { createVoiceModel, createVoiceModelSetup } from './voice-models/index.ts';

export { restoreEmbedded } from './storage/index.ts';

export interface AppOptions {
  readonly version: string;
  /** Static export of the web app; need not exist. */
  readonly webappFolder: string;
  /** The page of the live call card, for clients that show such. */
  readonly callCard?: string | undefined;
  /** Of this process, without a `v`. */
  readonly nodeVersion: string;
  /** Why the configured database is not in use, when it is not. */
  readonly databaseFault?: string | undefined;
  /** Only looks at the set-up: calls that an earlier run left open are another process's business. */
  readonly isCheckup?: boolean | undefined;
}

export interface App {
  readonly control: CallControl;
  readonly setup: SetupDesk;
  /** Settles what an earlier run left open, then opens the doors. */
  listen(): Promise<{ readonly url: string; readonly port: number }>;
  /** Serves MCP on a pair of byte streams until the client ends the input. */
  serveStdio(input: Readable, output: Writable): Promise<void>;
  /**
   * Takes no more calls, lets live ones take their leave, and closes everything.
   *
   * @throws CallsUnstored when the database did not take all that happened in calls; everything is closed all the same
   */
  close(): Promise<void>;
}

/** The whole house, joined. The only place that sees every room. */
export async function createApp(config: Config, runtime: Runtime, options: AppOptions): Promise<App> {
  const { databaseUrl, dataDir } = config;
  const carrier = createCarrier(config, runtime);
  const builtIn = carrier.isSimulated ? simulatedPriceTable : priceTable;
  const prices = withChanges(builtIn, config.budget.prices ?? {});
  const { webhooks } = config;
  const stores = await openStores({
    databaseUrl,
    dataDir,
    log: runtime.log,
    instanceId: runtime.newId('server'),
    address: config.publicUrl,
    webhookWriter:
      webhooks.url === null ? undefined : (event, call) => webhookMessageOf(event, call, webhooks),
  });
  const store = stores.calls;
  const settings = await SettingsBook.open(stores.settings, runtime.clock);
  const limits = new LimitsBook(
    { ...config.policy, ...config.budget },
    carrier,
    stores.limits,
    runtime.clock,
  );
  await limits.read();
  const voiceModel = createVoiceModel(config, runtime);
  const probe = new Probe(runtime);
  const voiceModelSetup = createVoiceModelSetup(
    config,
    runtime,
    () => settings.current.model ?? config.openai.model,
  );
  const target = webhooks.url === null ? null : { url: webhooks.url, secrets: webhooks.secrets };
  const sending = target && sendWebhooks(target, stores.outbox, runtime);
  const webhookDesk = new WebhookDesk({
    target,
    outbox: stores.outbox,
    runtime,
    wake: () => sending?.wake(),
  });
  const setup = new SetupDesk({
    config,
    runtime,
    probe,
    carrier: createCarrierSetup(config, runtime, {
      number: () => chosenNumber(config, settings).number,
      countries: () => limits.current.allowedCountries,
    }),
    isCarrierSimulated: carrier.isSimulated,
    voiceModelSetup,
    voiceModel,
    settings,
    writeDatabase: () => stores.settings.tryWrite(runtime.clock.now()),
    databaseFault: options.databaseFault,
    pingReceiver: webhookDesk.isOn ? () => webhookDesk.ping() : undefined,
    nodeVersion: options.nodeVersion,
  });
  const folder = path.join(dataDir, 'recordings');
  const demoFiles = config.demo.carrier
    ? new RecordingFiles(path.join(dataDir, 'demo-recordings'))
    : undefined;
  const recordings = new Recordings(
    config.recordings,
    carrier,
    new RecordingFiles(folder),
    runtime,
    demoFiles,
  );
  recordings.sweep();
  const audit = new AuditLog(stores.audit, config.auditDays, runtime);
  if (options.isCheckup !== true) audit.sweep();
  const switchboard = new Switchboard({
    carrier,
    voiceModel,
    store,
    limits,
    honesty: config.honesty,
    get defaultFrom() {
      return chosenNumber(config, settings).number;
    },
    ownerNumber: config.ownerPhoneNumber,
    transferNumbers: config.transferNumbers,
    toolSecrets: webhooks.secrets,
    instances: stores.instances,
    requests: stores.requests,
    words: stores.words,
    detectsMachines: config.detectsMachines,
    prices,
    get models() {
      return [settings.current.model ?? config.openai.model, config.openai.transcriptionModel];
    },
    settings,
    recordings,
    inbound: config.inbound,
    audit,
    runtime,
  });
  const keeping = { kept: stores.kept, shelf: switchboard, recordings };
  const retention = new Retention({
    ...keeping,
    outbox: stores.outbox,
    settings: { ...config.retention, webhookDays: webhooks.keptDays },
    runtime,
  });
  const closeTracing = await tracingOf(config, switchboard, runtime, options.version);
  let origin = `http://localhost:${config.port}`;
  let isStopping = false;
  const mcp = createMcpLegs({
    control: switchboard,
    runtime,
    serverInfo: { name: 'mcp-telephone', title: 'MCP Telephone', version: options.version },
    toolNames: config.mcpToolNames,
    stateSecret: config.twilio.authToken,
    callCard: options.callCard,
    audit,
    pageUrlOf: (callId) => `${origin}/calls/${callId}`,
  });
  const doors = await createHttpDoors({
    config,
    runtime,
    control: switchboard,
    recordings,
    doNotCall: new DoNotCall(store.doNotCall, runtime.clock),
    house: switchboard.house,
    audit,
    carrierDoors: carrier.doors(switchboard.office),
    webhooks: webhookDesk,
    exporter: new Export({
      ...keeping,
      store,
      outbox: stores.outbox,
      clock: runtime.clock,
      version: options.version,
    }),
    backUp: () => stores.backUp(runtime.clock.now()),
    purge: new Purge({ ...keeping, store, clock: runtime.clock }),
    mcp,
    setup,
    settings,
    limits,
    applySettings: () => switchboard.applySettings(),
    choices: voiceModelSetup,
    voiceSample: voiceSampleOf(voiceModel, runtime.clock),
    probe,
    agentTools: agentTools.map((tool) => ({ type: 'function', ...tool })),
    webappFolder: options.webappFolder,
    readiness: readinessOf({
      isStopping: () => isStopping,
      publicUrl: config.publicUrl,
      stopOrder: () => store.stopOrder(),
      carrierProblem: () => carrier.problem,
      clock: runtime.clock,
    }),
    publicUrl: () => config.publicUrl,
    version: options.version,
  });

  return {
    control: switchboard,
    setup,
    async listen() {
      if (options.isCheckup !== true) {
        await switchboard.recover();
        retention.start();
        sending?.follow(switchboard);
      }
      const address = await doors.listen();
      // Pages are for people with a token, or on this machine.
      const isPublic = config.publicUrl !== null && (config.authTokens.length > 0 || config.oauth !== null);
      origin = isPublic ? config.publicUrl : `http://localhost:${address.port}`;
      return address;
    },
    serveStdio: (input, output) => mcp.serveStdio(input, output),
    async close() {
      isStopping = true;
      const retired = retention.stop();
      const isStored = await switchboard.stop();
      await retired;
      recordings.stop();
      await sending?.stop();
      await closeTracing();
      await mcp.close();
      await doors.close();
      await audit.stop();
      await store.close();
      if (!isStored) throw new CallsUnstored();
    },
  };
}

/** Loads OpenTelemetry only where traces go somewhere. */
async function tracingOf(
  { tracing }: Config,
  control: CallControl,
  runtime: Runtime,
  version: string,
): Promise<() => Promise<void>> {
  if (tracing === null) return async () => {};
  const { traceCalls } = await import('./tracing/call-tracing.ts');
  return traceCalls(control, tracing, runtime, version);
}
