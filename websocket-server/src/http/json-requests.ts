import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { InvalidRequest } from '../lib/errors.ts';
import { deepestRequest, isDeeperThan } from '../lib/json-depth.ts';

/** Bodies are JSON or absent; clients that always name a content type may send it with an empty body. */
export function readJsonOnly(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') return done(null, undefined);
    return parse(request, String(body), (error, value) => {
      if (error === null && isDeeperThan(deepestRequest, value)) return done(tooDeep());
      return done(error, value);
    });
  });
}

function tooDeep(): InvalidRequest {
  return new InvalidRequest(`The body is nested more than ${deepestRequest} levels deep: make it flatter.`);
}

/** A text that something is looked up by: nothing is kept under a name with U+0000, which the database refuses. */
export const lookedUp = z.string().refine((text) => !text.includes('\0'), 'cannot hold the character U+0000');

/** What was sent, in the shape asked for. @throws InvalidRequest with all that is wrong with it */
export function parsed<Shape extends z.ZodType>(shape: Shape, value: unknown): z.output<Shape> {
  const result = shape.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  );
  throw new InvalidRequest(problems.join('; '));
}
