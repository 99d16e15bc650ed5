import type { FastifyInstance, FastifyRequest } from 'fastify';
import { scopes } from '../lib/access.ts';
import type { Access, Scope } from '../lib/access.ts';
import { guardedRequest, requireScopes } from './guard.ts';
import type { Guard, Ways } from './guard.ts';
import type { RequestRate } from './request-rate.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; set in guarded scopes only. */
    access: Access;
  }
  interface FastifyContextConfig {
    /** What a route needs; otherwise its method says. */
    readonly scopes?: readonly Scope[];
  }
}

/** Lets only those into this scope whom the guard admits, and to each route those whose scopes reach. */
export function guardScope(app: FastifyInstance, guard: Guard, rate: RequestRate, ways: Ways): void {
  app.addHook('onRequest', async (request, reply) => {
    await rate.countAddress(request, reply);
    request.access = await guard.admit(guardedRequest(request.raw), ways);
    await rate.countAccess(request, reply, request.access);
    requireScopes(request.access, request.routeOptions.config.scopes ?? usualScopes(request));
  });
}

/** Reading needs `calls:read`, taking a hand in a call `calls:control`; whatever else changes something, all. */
function usualScopes({ method, routeOptions }: FastifyRequest): readonly Scope[] {
  if (method === 'GET' || method === 'HEAD') return ['calls:read'];
  return routeOptions.url?.startsWith('/api/calls/') === true ? ['calls:control'] : scopes;
}
