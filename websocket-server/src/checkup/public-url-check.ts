import { ok, problem, type Check, type Finding } from '../lib/check.ts';
import { reasonOfSilence } from '../lib/connection-advice.ts';
import type { Runtime } from '../lib/runtime.ts';
import type { Probe } from './probe.ts';

export interface PublicUrlParts {
  /** null when none is known. */
  readonly publicUrl: string | null;
  /** The carrier is simulated on this machine, so a local address will do. */
  readonly isLocalEnough: boolean;
  readonly probe: Probe;
  readonly runtime: Pick<Runtime, 'fetch' | 'clock'>;
}

const answerMs = 10_000;
const localName = /^(localhost|127\.|10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|\[::1\]|\[f[cd])/i;

/** Goes out and comes back in: asks this server at its public URL for something that nobody else knows. */
export function publicUrlCheck(parts: PublicUrlParts): Check {
  return { id: 'public-url', title: 'Public URL', run: () => run(parts) };
}

async function run({ publicUrl, isLocalEnough, probe, runtime }: PublicUrlParts): Promise<Finding> {
  if (publicUrl === null) {
    return problem(
      'No public URL is known, so the carrier cannot reach this server and no call can be placed.',
      'Set NGROK_AUTHTOKEN to have a tunnel opened, or PUBLIC_URL to the https:// origin of a proxy or tunnel that leads here.',
    );
  }
  const { protocol, hostname } = new URL(publicUrl);
  if (!isLocalEnough && localName.test(hostname)) {
    return problem(
      `${publicUrl} exists on this machine or network only; the carrier cannot reach it.`,
      'Set PUBLIC_URL to the origin as the internet sees it, or NGROK_AUTHTOKEN to have a tunnel opened.',
    );
  }
  if (!isLocalEnough && protocol === 'http:') {
    return problem(
      `${publicUrl} is not encrypted; the carrier opens media streams to https:// origins only.`,
      'Set PUBLIC_URL to an https:// origin.',
    );
  }
  return ask(publicUrl, probe, runtime);
}

async function ask(publicUrl: string, probe: Probe, runtime: PublicUrlParts['runtime']): Promise<Finding> {
  const question = probe.ask();
  const abort = new AbortController();
  const forgetLimit = runtime.clock.after(answerMs, () => abort.abort());
  try {
    const response = await runtime.fetch(`${publicUrl}${question.path}`, {
      redirect: 'manual',
      signal: abort.signal,
    });
    const text = await response.text();
    if (response.ok && text === question.answer) return ok(`This server answers at ${publicUrl}.`);
    return problem(
      `Something else answers at ${publicUrl} (HTTP status ${response.status}).`,
      'Let the proxy or tunnel there pass every path on to this server unchanged, without a redirect or a page of its own in between.',
    );
  } catch (error) {
    const why = abort.signal.aborted ? `no answer within ${answerMs / 1000} s` : reasonOfSilence(error);
    return problem(
      `${publicUrl} cannot be reached from here: ${why}.`,
      'Check the address, and that the proxy or tunnel behind it is running.',
    );
  } finally {
    forgetLimit();
    question.forget();
  }
}
