import { WebSocket } from 'ws';
import { ok, problem, skipped, type Check, type Finding } from '../lib/check.ts';
import { reasonOfSilence } from '../lib/connection-advice.ts';
import type { PublicUrlParts } from './public-url-check.ts';

const answerMs = 10_000;
const upgradeFix =
  'Let the proxy or tunnel at PUBLIC_URL pass WebSocket upgrades on: HTTP/1.1 with the headers "Connection: Upgrade" and "Upgrade".';

/** As `publicUrlCheck`, by WebSocket: many a proxy passes the one and not the other. */
export function publicSocketCheck(parts: PublicUrlParts): Check {
  return { id: 'public-socket', title: 'WebSocket at the public URL', run: () => run(parts) };
}

async function run({ publicUrl, probe, runtime }: PublicUrlParts): Promise<Finding> {
  if (publicUrl === null) return skipped('There is no public URL to ask.');
  const question = probe.ask();
  const socket = new WebSocket(`${publicUrl.replace(/^http/, 'ws')}${question.path}`, {
    perMessageDeflate: false,
    maxPayload: 4096,
  });
  try {
    return await new Promise<Finding>((resolve) => {
      const forgetLimit = runtime.clock.after(answerMs, () =>
        resolve(problem(`No WebSocket was opened within ${answerMs / 1000} s.`, upgradeFix)),
      );
      socket.on('close', () => {
        forgetLimit();
        resolve(problem('The WebSocket was closed without a word.', upgradeFix));
      });
      socket.on('message', (message: Buffer) =>
        resolve(
          message.toString('utf8') === question.answer
            ? ok('WebSockets reach this server too.')
            : problem('Something else takes WebSockets there.', upgradeFix),
        ),
      );
      socket.on('unexpected-response', (_request, response) => {
        response.resume();
        resolve(
          problem(`The upgrade to a WebSocket was answered with HTTP ${response.statusCode}.`, upgradeFix),
        );
      });
      socket.on('error', (error) =>
        resolve(problem(`No WebSocket can be opened there: ${reasonOfSilence(error)}.`, upgradeFix)),
      );
    });
  } finally {
    question.forget();
    socket.terminate();
  }
}
