import { WebSocket } from 'ws';
import { ok, problem, skipped, type Check, type Finding } from '../../../lib/check.ts';
import { reasonOfSilence } from '../../../lib/connection-advice.ts';
import type { Runtime } from '../../../lib/runtime.ts';
import { paths } from '../addresses.ts';
import { signatureOf } from '../signature.ts';

const answerMs = 10_000;
const changedFix =
  'Let the proxy pass path, query and body on unchanged. Signatures are computed over PUBLIC_URL: it must be the very origin that Twilio calls.';

/**
 * Does what Twilio does, through the public URL: a signed webhook for a call that there is not, which is answered
 * with a hang-up, and a signed upgrade of a media socket.
 */
export function signedRequestCheck(
  publicUrl: string | null,
  authToken: string,
  runtime: Pick<Runtime, 'fetch' | 'clock'>,
): Check {
  return {
    id: 'carrier-signature',
    title: 'Twilio’s way in',
    async run() {
      if (publicUrl === null) return skipped('There is no public URL to ask.');
      const refused = await webhookProblem(publicUrl, authToken, runtime);
      if (refused !== undefined) return refused;
      return socketFinding(publicUrl, authToken, runtime);
    },
  };
}

async function webhookProblem(
  publicUrl: string,
  authToken: string,
  runtime: Pick<Runtime, 'fetch' | 'clock'>,
): Promise<Finding | undefined> {
  const url = `${publicUrl}${paths.twiml}?call=checkup`;
  const body = new URLSearchParams({ CallSid: `CA${'0'.repeat(32)}`, CallStatus: 'in-progress' }).toString();
  const abort = new AbortController();
  const forgetLimit = runtime.clock.after(answerMs, () => abort.abort());
  try {
    const response = await runtime.fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-twilio-signature': signatureOf(authToken, url, body),
      },
      body,
      redirect: 'manual',
      signal: abort.signal,
    });
    const text = await response.text();
    if (response.ok && text.includes('<Hangup')) return undefined;
    return response.status === 403
      ? problem('A signed webhook was refused: it does not arrive as it was sent.', changedFix)
      : problem(`A signed webhook was answered with HTTP ${response.status}.`, changedFix);
  } catch (error) {
    const why = abort.signal.aborted ? `no answer within ${answerMs / 1000} s` : reasonOfSilence(error);
    return problem(`A signed webhook got no answer at ${publicUrl}: ${why}.`, changedFix);
  } finally {
    forgetLimit();
  }
}

function socketFinding(
  publicUrl: string,
  authToken: string,
  { clock }: Pick<Runtime, 'clock'>,
): Promise<Finding> {
  const url = `${publicUrl.replace(/^http/, 'ws')}${paths.media}`;
  const socket = new WebSocket(url, {
    headers: { 'x-twilio-signature': signatureOf(authToken, url) },
    perMessageDeflate: false,
  });
  return new Promise<Finding>((resolve) => {
    const finish = (finding: Finding) => {
      forgetLimit();
      resolve(finding);
      socket.terminate();
    };
    const forgetLimit = clock.after(answerMs, () =>
      finish(problem(`No media socket was opened within ${answerMs / 1000} s.`, changedFix)),
    );
    socket.on('open', () =>
      finish(ok('Signed webhooks and media sockets get through as Twilio sends them.')),
    );
    socket.on('unexpected-response', (_request, response) => {
      response.resume();
      finish(
        problem(`The upgrade of a media socket was answered with HTTP ${response.statusCode}.`, changedFix),
      );
    });
    socket.on('error', (error) =>
      finish(problem(`No media socket can be opened: ${reasonOfSilence(error)}.`, changedFix)),
    );
  });
}
