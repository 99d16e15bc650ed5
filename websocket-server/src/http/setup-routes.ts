import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import type { SetupDesk } from '../checkup/setup-desk.ts';
import type { Clock } from '../lib/runtime.ts';
import { parsed, readJsonOnly } from './json-requests.ts';

/** A run of checks that ended so lately stands: a page that asks in a loop must not make us ask others in one. */
const freshMs = 3000;

/** Query of `GET /api/setup`. */
export const setupQuery = z.strictObject({
  fresh: z.stringbool().default(false).describe('Run the checks again, unless they have just been run'),
  waitSec: z.coerce
    .number()
    .min(0)
    .max(30)
    .default(0)
    .describe('Answer when all are through, or after so long'),
});

/** Body of `POST /api/setup/number`. */
export const numberBody = z.strictObject({
  number: z.string().trim().min(1).describe('E.164, a number of the account'),
});

/** Body of `POST /api/setup/webhook`. */
export const webhookBody = z
  .strictObject({
    number: z.string().trim().min(1).optional().describe('E.164; the chosen number when left out'),
  })
  .default({});

/** Mounts what the set-up page and `doctor` use, in a scope that is guarded already. */
export async function mountSetup(app: FastifyInstance, desk: SetupDesk, clock: Clock): Promise<void> {
  readJsonOnly(app);

  app.get('/api/setup', async (request) => {
    const { fresh, waitSec } = parsed(setupQuery, request.query);
    const report = desk.report(fresh ? freshMs : Number.POSITIVE_INFINITY);
    const answer = { demo: desk.demo, ...desk.chosen() };
    if (!report.isRunning || waitSec === 0) return { ...answer, ...report };
    let forgetWait: () => void = () => {};
    const waited = new Promise<void>((resolve) => {
      forgetWait = clock.after(waitSec * 1000, resolve);
    });
    await Promise.race([desk.settled(), waited]);
    forgetWait();
    return { ...answer, ...desk.report(Number.POSITIVE_INFINITY) };
  });

  app.get('/api/setup/numbers', async () => ({ numbers: await desk.numbers(), ...desk.chosen() }));

  app.post('/api/setup/number', (request) => desk.choose(parsed(numberBody, request.body).number));

  app.post('/api/setup/webhook', (request) => desk.pointHere(parsed(webhookBody, request.body ?? {}).number));
}
