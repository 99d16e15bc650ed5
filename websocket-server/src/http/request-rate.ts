import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Access } from '../lib/access.ts';
import type { ClientAddresses } from '../lib/client-addresses.ts';
import { HttpRefusal } from './http-refusal.ts';
import { isFromThisMachine } from './same-machine.ts';

const windowMs = 60_000;

/** Counts requests, a minute at a time: by address before anybody knows who asks, then by who does. */
export interface RequestRate {
  /** @throws HttpRefusal */
  countAddress(request: FastifyRequest, reply: FastifyReply): Promise<void>;
  /** @throws HttpRefusal */
  countAccess(request: FastifyRequest, reply: FastifyReply, access: Access): Promise<void>;
}

/** @param app the root, before any route is added */
export async function createRequestRate(
  app: FastifyInstance,
  perMinute: number,
  addresses: ClientAddresses,
): Promise<RequestRate> {
  const addressOf = (request: FastifyRequest): string =>
    addresses.of(request.raw.socket.remoteAddress, request.headers['x-forwarded-for']);
  await app.register(rateLimit, { global: false });
  const limits = { max: perMinute, timeWindow: windowMs };
  const byAddress = app.createRateLimit({ ...limits, keyGenerator: addressOf });
  const byAccess = app.createRateLimit({
    ...limits,
    keyGenerator: ({ access }) => `${access.by}:${access.name}`,
  });

  async function count(limit: typeof byAddress, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const counted = await limit(request);
    if (counted.isAllowed) return;
    // The names of draft-ietf-httpapi-ratelimit-headers-06, seconds for the reset.
    reply.headers({
      'ratelimit-limit': String(counted.max),
      'ratelimit-remaining': String(counted.remaining),
      'ratelimit-reset': String(counted.ttlInSeconds),
    });
    if (!counted.isExceeded) return;
    throw new HttpRefusal(
      429,
      'too-many-requests',
      `More than ${perMinute} requests came within a minute. Wait as long as "Retry-After" says; the operator sets the limit as REQUESTS_PER_MINUTE.`,
      { 'retry-after': String(counted.ttlInSeconds) },
    );
  }

  return {
    async countAddress(request, reply) {
      // Whoever runs programs on this machine can keep it busy in simpler ways.
      if (isFromThisMachine(request.raw.socket.remoteAddress, request.headers)) return;
      await count(byAddress, request, reply);
    },
    async countAccess(request, reply, access) {
      if (access.by !== 'machine') await count(byAccess, request, reply);
    },
  };
}
