import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex, Readable } from 'node:stream';
import Fastify from 'fastify';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { Registry } from 'prom-client';
import type { CarrierDoors } from '../carriers/carrier.ts';
import type { Config } from '../config/config.ts';
import type { Probe } from '../checkup/probe.ts';
import type { Readiness } from '../checkup/readiness.ts';
import type { SetupDesk } from '../checkup/setup-desk.ts';
import type { Audit } from '../control/audit-log.ts';
import type { CallControl } from '../control/call-control.ts';
import type { DoNotCallControl } from '../control/do-not-call.ts';
import type { HouseControl } from '../control/house-control.ts';
import { ClientAddresses } from '../lib/client-addresses.ts';
import type { ExportControl } from '../control/export.ts';
import type { PurgeControl } from '../control/purge.ts';
import type { WebhookControl } from '../control/webhooks/webhook-desk.ts';
import type { Recordings } from '../control/recordings.ts';
import type { Runtime } from '../lib/runtime.ts';
import { AccessTokens } from './access-tokens.ts';
import { mountApi } from './api.ts';
import { mountAudit } from './audit-api.ts';
import { auditRequests, noteRefusal } from './audit-hook.ts';
import { mountCarrierRoutes } from './carrier-routes.ts';
import { limitConnections } from './connections.ts';
import { allowLocalPages } from './cors.ts';
import { answerError, errorReply, refuseSocket } from './error-reply.ts';
import { Guard } from './guard.ts';
import { guardScope } from './guarded-scope.ts';
import { LoginCookies } from './login-cookie.ts';
import { mountMcp } from './mcp-door.ts';
import type { McpDoor } from './mcp-door.ts';
import { countCosts } from './cost-metrics.ts';
import { countHouse } from './house-metrics.ts';
import { countCalls } from './metrics.ts';
import { mountInnerRoutes, mountOpenRoutes } from './operator-routes.ts';
import { noPagePolicy } from './page-policy.ts';
import { mountProtectedResource } from './protected-resource.ts';
import { RefusalCount } from './refusal-count.ts';
import { createRequestRate } from './request-rate.ts';
import { mountSession } from './session-routes.ts';
import { mountSettings } from './settings-routes.ts';
import type { SettingsRooms } from './settings-routes.ts';
import { mountSetup } from './setup-routes.ts';
import { takeUpgrades } from './upgrades.ts';
import { mountWebApp } from './web-app.ts';
import { countDeliveries } from './webhook-metrics.ts';

export interface HttpRooms extends SettingsRooms {
  readonly config: Config;
  readonly runtime: Pick<Runtime, 'clock' | 'log' | 'fetch'>;
  readonly control: CallControl;
  readonly doNotCall: DoNotCallControl;
  readonly house: HouseControl;
  readonly purge: PurgeControl;
  readonly exporter: ExportControl;
  /** A backup of everything, made as it is read. */
  readonly backUp: () => Promise<Readable>;
  readonly webhooks: WebhookControl;
  readonly audit: Audit;
  readonly recordings: Pick<Recordings, 'isOn' | 'of'>;
  readonly carrierDoors: CarrierDoors;
  readonly mcp: McpDoor;
  readonly setup: SetupDesk;
  readonly probe: Probe;
  /** Function schemas of what the agent may use in a call. */
  readonly agentTools: readonly unknown[];
  /** Static export of the web app; need not exist. */
  readonly webappFolder: string;
  readonly readiness: Readiness;
  /** Asked at each request, since a tunnel is opened only once we listen. */
  readonly publicUrl: () => string | null;
  readonly version: string;
  /** How long a client may take for the headers of a request, and for all of it; 10 s and 30 s unless set. */
  readonly patience?: { readonly headersMs: number; readonly requestMs: number };
}

export interface HttpDoors {
  /** @returns where the server is reached from this machine, and the port it got */
  listen(): Promise<{ readonly url: string; readonly port: number }>;
  /** Takes no more connections, says goodbye on sockets, and is done within a few seconds whoever is attached. */
  close(): Promise<void>;
}

/** How long requests and sockets may take to finish when the doors close. */
const closingMs = 2000;

/** Everything that is reached over HTTP, on one port. Guards by scope: what needs a token is mounted in one place. */
export async function createHttpDoors(rooms: HttpRooms): Promise<HttpDoors> {
  const { config, runtime, control, carrierDoors, mcp } = rooms;
  const { clock, log } = runtime;
  const { authTokens } = config;
  const logins = new LoginCookies(authTokens, () => clock.now());
  let localUrl = `http://localhost:${config.port}`;
  const accessTokens =
    config.oauth && new AccessTokens(config.oauth, () => rooms.publicUrl() ?? localUrl, runtime);
  const addresses = new ClientAddresses(config.limits.trustedProxies);
  const guard = new Guard({
    authTokens,
    addresses,
    logins,
    accessTokens,
    publicUrl: rooms.publicUrl,
    now: () => clock.now(),
  });
  const registry = new Registry();
  const stopCounting = countCalls(control, registry, clock);
  const stopCountingCosts = countCosts(control, rooms.house, registry, clock);
  countHouse(rooms.house, rooms.readiness, registry);
  countDeliveries(rooms.webhooks, registry);
  const refusals = new RefusalCount(registry);

  // A client gets 10 s for its headers and 30 s for a whole request, and cannot hold a connection with less.
  const { headersMs = 10_000, requestMs = 30_000 } = rooms.patience ?? {};
  const server = createServer({
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    keepAliveTimeout: 65_000,
    connectionsCheckingInterval: Math.min(2000, headersMs),
    maxHeaderSize: 16_384,
  });
  // Node drops headers above a number without a word, be they those by which the guard knows a proxy. Their size
  // is limited anyway.
  server.maxHeadersCount = 0;
  const app = Fastify({
    bodyLimit: 64 * 1024,
    // Operators write addresses into consoles both ways.
    routerOptions: { ignoreTrailingSlash: true },
    serverFactory: (handler) => server.on('request', handler),
    frameworkErrors: (error, _request, reply) => answerError(reply as FastifyReply, error),
    clientErrorHandler: (error, socket) => refuseBrokenRequest(error, socket, refusals),
  });
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(commonHeaders);
  });
  allowLocalPages(app);
  answerErrors(app, log, refusals);
  const rate = await createRequestRate(app, config.limits.requestsPerMinute, addresses);

  await app.register((scope) => mountCarrierRoutes(scope, carrierDoors.routes, refusals));
  await app.register(async (scope) => {
    auditRequests(scope, rooms.audit, addresses);
    await mountSession(scope, guard, rate, logins, rooms.publicUrl);
  });
  if (accessTokens !== null) await app.register((scope) => mountProtectedResource(scope, accessTokens));
  await app.register((scope) => mountOpenRoutes(scope, rooms.readiness, rooms.publicUrl, rooms.probe));
  await app.register(async (scope) => {
    guardScope(scope, guard, rate, { login: false });
    await scope.register((inner) => mountMcp(inner, mcp, log));
  });
  await app.register(async (scope) => {
    guardScope(scope, guard, rate, { login: true });
    auditRequests(scope, rooms.audit, addresses);
    await scope.register((inner) => mountApi(inner, rooms));
    await scope.register((inner) => mountSetup(inner, rooms.setup, clock));
    await scope.register((inner) => mountSettings(inner, rooms));
    await scope.register((inner) => mountAudit(inner, rooms.audit));
    await scope.register((inner) => mountInnerRoutes(inner, rooms.agentTools, registry));
  });
  await mountWebApp(app, rooms.webappFolder);
  await app.ready();

  const connections = limitConnections(server, config.limits.connections, addresses, refusals);
  const closeSockets = takeUpgrades({
    server,
    carrierDoors,
    control,
    mcp,
    softphoneUrl: config.softphoneUrl,
    probe: rooms.probe,
    runtime,
    guard,
    logins,
    audit: rooms.audit,
    refusals,
  });

  return {
    async listen() {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(config.port, config.host, () => {
          server.off('error', reject);
          resolve();
        });
      });
      const { port } = server.address() as AddressInfo;
      localUrl = `http://localhost:${port}`;
      return { url: `http://${reachableHost(config.host)}:${port}`, port };
    },

    async close() {
      stopCounting();
      stopCountingCosts();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const cancel = clock.after(closingMs, () => {
        for (const connection of connections) connection.destroy();
      });
      closeSockets();
      carrierDoors.close();
      server.closeIdleConnections();
      await closed;
      cancel();
      await app.close();
    },
  };
}

const commonHeaders = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'content-security-policy': noPagePolicy,
  'cache-control': 'no-store',
};

function answerErrors(app: FastifyInstance, log: Runtime['log'], refusals: RefusalCount): void {
  app.setErrorHandler((error, request, reply) => {
    refusals.noteError('request', error);
    noteRefusal(request, error);
    if (errorReply(error).status === 500) {
      log.error('request failed', { method: request.method, route: request.routeOptions.url, err: error });
    }
    return answerError(reply, error);
  });
}

/** What could not even be parsed as HTTP. A peer that has gone gets no answer. */
function refuseBrokenRequest(error: NodeJS.ErrnoException, socket: Duplex, refusals: RefusalCount): void {
  socket.on('error', () => socket.destroy());
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const statusCodes: Readonly<Record<string, number>> = {
    HPE_HEADER_OVERFLOW: 431,
    ERR_HTTP_REQUEST_TIMEOUT: 408,
  };
  const refusal = { statusCode: statusCodes[error.code ?? ''] ?? 400 };
  refusals.noteError('connection', refusal);
  refuseSocket(socket, refusal);
}

/** An address to type on this machine: the wildcard ones listen on it too. */
function reachableHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
