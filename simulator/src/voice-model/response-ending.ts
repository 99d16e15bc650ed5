import type { ServerEvent } from './wire.ts';

/** How a response ended. */
export type Ending =
  | { readonly status: 'completed' }
  | { readonly status: 'cancelled'; readonly reason: 'turn_detected' | 'client_cancelled' }
  | { readonly status: 'incomplete'; readonly reason: 'max_output_tokens' | 'content_filter' }
  | { readonly status: 'failed'; readonly code: string; readonly message: string };

/** @returns the `status_details` of `response.done` */
export function detailsOf(ending: Ending): object | null {
  switch (ending.status) {
    case 'completed':
      return null;
    case 'failed': {
      const { code, message } = ending;
      return { type: 'failed', error: { type: 'server_error', code, message } };
    }
    default:
      return { type: ending.status, reason: ending.reason };
  }
}

export const rateLimits: ServerEvent = {
  type: 'rate_limits.updated',
  rate_limits: [
    { name: 'requests', limit: 20_000, remaining: 19_999, reset_seconds: 0.003 },
    { name: 'tokens', limit: 15_000_000, remaining: 14_995_000, reset_seconds: 0.02 },
  ],
};
