import type { FastifyInstance } from 'fastify';
import type { Call } from '../call/call.ts';
import type { CallControl } from '../control/call-control.ts';
import type { Recordings } from '../control/recordings.ts';

/** Serves the recording of a call, whole or a range of its bytes (RFC 9110, section 14), as players ask for it. */
export function mountRecording(
  app: FastifyInstance,
  control: CallControl,
  recordings: Pick<Recordings, 'of'>,
) {
  app.get<{ Params: { callId: string } }>('/api/calls/:callId/recording', async (request, reply) => {
    const { call } = await control.read(request.params.callId);
    const recording = await recordings.of(call.callId);
    if (recording === undefined) {
      const message = whyMissing(call);
      return reply.code(404).send({ error: { code: 'no-recording', message } });
    }
    reply.header('accept-ranges', 'bytes').header('content-type', 'audio/wav');
    reply.header('cache-control', 'private, no-store');
    const range = rangeOf(request.headers.range, recording.bytes);
    if (range === 'unsatisfiable') {
      return reply.code(416).header('content-range', `bytes */${recording.bytes}`).send();
    }
    const { first, last } = range ?? { first: 0, last: recording.bytes - 1 };
    reply.header('content-length', last - first + 1);
    if (range !== undefined) {
      reply.code(206).header('content-range', `bytes ${first}-${last}/${recording.bytes}`);
    }
    return reply.send(recording.read(first, last));
  });
}

/** @returns undefined for the whole: without a range, and for forms that need not be understood */
function rangeOf(
  header: string | undefined,
  bytes: number,
): { readonly first: number; readonly last: number } | 'unsatisfiable' | undefined {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (from === '' && to === '') return undefined;
  const first = from === '' ? Math.max(0, bytes - Number(to)) : Number(from);
  const last = from === '' || to === '' ? bytes - 1 : Math.min(Number(to), bytes - 1);
  return first > last || first >= bytes ? 'unsatisfiable' : { first, last };
}

function whyMissing({ recording, carrier }: Call): string {
  if (recording === null) return 'This call was not recorded.';
  return recording.storage === 'carrier'
    ? `The recording was left at the carrier (${carrier}), as ${recording.recordingId}: fetch or delete it there.`
    : 'The recording is not here: it is still on its way from the carrier, or its days are over.';
}
