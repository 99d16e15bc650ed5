import type { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../config/config.ts';
import type { CallControl } from '../control/call-control.ts';
import type { DoNotCallControl } from '../control/do-not-call.ts';
import type { ExportControl } from '../control/export.ts';
import type { PurgeControl } from '../control/purge.ts';
import type { Recordings } from '../control/recordings.ts';
import { mountDoNotCall } from './do-not-call-api.ts';
import type { HouseControl } from '../control/house-control.ts';
import type { WebhookControl } from '../control/webhooks/webhook-desk.ts';
import { mountBackup } from './backup-api.ts';
import { mountExport } from './export-api.ts';
import { mountPurge } from './purge-api.ts';
import { mountWebhooks } from './webhook-api.ts';
import { mountRecording } from './recording-route.ts';
import { openApiDocument } from './openapi.ts';
import {
  readAnswerBody,
  readControlBody,
  readListQuery,
  readPlaceBody,
  readStopBody,
} from './api-requests.ts';
import { readJsonOnly } from './json-requests.ts';

export interface ApiRooms {
  readonly config: Config;
  readonly control: CallControl;
  readonly doNotCall: DoNotCallControl;
  readonly house: HouseControl;
  readonly purge: PurgeControl;
  readonly exporter: ExportControl;
  /** A backup of everything, made as it is read. */
  readonly backUp: () => Promise<Readable>;
  readonly webhooks: WebhookControl;
  readonly recordings: Pick<Recordings, 'isOn' | 'of'>;
  readonly publicUrl: () => string | null;
  /** Of this server, e.g. `1.2.0`. */
  readonly version: string;
}

/** Mounts the REST API in a scope that is guarded already. It answers in the house's words, as `call/` has them. */
export async function mountApi(app: FastifyInstance, rooms: ApiRooms): Promise<void> {
  const { config, control, house, publicUrl, version } = rooms;
  readJsonOnly(app);

  app.get('/api/calls', (request) => control.list(readListQuery(request.query)));

  app.post('/api/calls', { config: { scopes: ['calls:place'] } }, async (request, reply) => {
    const { request: place, isDryRun } = readPlaceBody(request.body);
    if (isDryRun) return control.rehearse(place);
    const traceparent = request.headers['traceparent'];
    const call = await control.place(typeof traceparent === 'string' ? { ...place, traceparent } : place);
    return reply.code(201).header('location', `/api/calls/${call.callId}`).send({ call });
  });

  app.get<{ Params: { callId: string } }>('/api/calls/:callId', (request) =>
    control.read(request.params.callId),
  );

  app.post<{ Params: { callId: string } }>('/api/calls/:callId/cancel', (request) =>
    control.cancel(request.params.callId),
  );

  app.post<{ Params: { callId: string } }>('/api/calls/:callId/answer', async (request) => {
    const { questionId, answer } = readAnswerBody(request.body);
    return { accepted: await control.answer(request.params.callId, questionId, answer) };
  });

  app.post<{ Params: { callId: string } }>('/api/calls/:callId/control', async (request) => {
    await control.steer(request.params.callId, readControlBody(request.body));
    return { done: true };
  });

  mountRecording(app, control, rooms.recordings);
  mountDoNotCall(app, rooms.doNotCall);
  mountPurge(app, rooms.purge);
  mountExport(app, rooms.exporter);
  mountBackup(app, rooms.backUp);
  mountWebhooks(app, rooms.webhooks);

  app.get('/api/costs', () => house.costs());

  app.post('/api/stop-all', { config: { scopes: ['calls:control'] } }, (request) =>
    house.stopAll(readStopBody(request.body)),
  );

  app.post('/api/resume', async () => {
    await house.resume();
    return { stopped: null };
  });

  app.get('/api/status', async () => ({
    version,
    demo: config.demo,
    model: config.openai.model,
    voice: config.openai.voice,
    phoneNumber: config.phoneNumber,
    canTransfer: config.ownerPhoneNumber !== null,
    canRecord: rooms.recordings.isOn,
    publicUrl: publicUrl(),
  }));

  const document = openApiDocument(version);
  app.get('/api/openapi.json', async () => document);
}
