import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import type { VoiceSample } from '../checkup/voice-sample.ts';
import type { Config } from '../config/config.ts';
import { changeWords } from '../control/policy/limits-book.ts';
import type { LimitsControl } from '../control/policy/limits-book.ts';
import type { SettingsBook, SettingsPage } from '../settings/settings-book.ts';
import type { VoiceModelSetup } from '../voice-models/voice-model-setup.ts';
import { HttpRefusal } from './http-refusal.ts';
import { parsed, readJsonOnly } from './json-requests.ts';

export interface SettingsRooms {
  readonly settings: Pick<SettingsBook, 'read' | 'save'>;
  readonly limits: LimitsControl;
  /** Lets calls that are up go on under the settings saved. @returns how many there were */
  readonly applySettings: () => number;
  readonly choices: Pick<VoiceModelSetup, 'voices' | 'models'>;
  readonly voiceSample: VoiceSample;
  /** Function schemas of what every agent may use. */
  readonly agentTools: readonly unknown[];
  readonly config: Config;
}

/** Twenty tools with long schemas. */
const longestBody = 512 * 1024;

/** Body of `PUT /api/settings`. */
export const saveBody = z.strictObject({
  version: z.int().min(0).describe('The version that the change was made from; 0 before anything was saved'),
  settings: z.record(z.string(), z.unknown()).describe('All settings; one left out is as if never set'),
  applyTo: z
    .enum(['next', 'live'])
    .default('next')
    .describe('next: calls from here on. live: calls that are up as well'),
});

/** Query of `GET /api/settings/voice-sample`. */
const sampleQuery = z.strictObject({
  voice: z.string().trim().min(1).max(100).describe('One of the voices that the settings name'),
});

/** Mounts the owner's settings, in a scope that is guarded already. */
export async function mountSettings(app: FastifyInstance, rooms: SettingsRooms): Promise<void> {
  const { settings, limits, applySettings, choices, config } = rooms;
  readJsonOnly(app);

  const told = async (page: SettingsPage) => ({
    ...page,
    /** What holds where a setting is null. */
    defaults: {
      voice: config.openai.voice,
      model: config.openai.model,
      phoneNumber: config.phoneNumber,
    },
    choices: { voices: choices.voices, models: choices.models },
    limits: await limits.report(),
    builtInTools: rooms.agentTools,
  });

  app.get('/api/settings', async (_request, reply) => {
    const page = await settings.read();
    return reply.header('etag', `"${page.version}"`).send(await told(page));
  });

  app.get('/api/settings/limits', async () => ({ limits: await limits.report() }));

  app.patch('/api/settings/limits', async (request) => {
    const changes = await limits.change(request.body);
    request.changes = changes.map(changeWords);
    return { limits: await limits.report() };
  });

  app.get('/api/settings/voice-sample', async (request, reply) => {
    const { voice } = parsed(sampleQuery, request.query);
    if (!config.demo.voiceModel) {
      throw new HttpRefusal(
        409,
        'no-sample',
        'Only the simulated voice model gives samples: the real one would charge for them. Ring the agent from the phone page to hear it.',
      );
    }
    const sample = await rooms.voiceSample(voice);
    if (sample === undefined) {
      throw new HttpRefusal(503, 'no-sample', 'The voice model said nothing. Try again shortly.');
    }
    return reply
      .header('content-type', 'audio/wav')
      .header('cache-control', 'private, no-store')
      .send(sample);
  });

  app.put('/api/settings', { bodyLimit: longestBody }, async (request, reply) => {
    const asked = parsed(saveBody, request.body);
    const page = await settings.save(asked.settings, asked.version);
    const liveCalls = asked.applyTo === 'live' ? applySettings() : 0;
    return reply.header('etag', `"${page.version}"`).send({ ...(await told(page)), liveCalls });
  });
}
