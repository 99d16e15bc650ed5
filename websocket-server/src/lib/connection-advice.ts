import { isRecord } from './is-record.ts';

/**
 * Why a request got no answer at all, as a part of a sentence: `fetch` and `ws` hand the system's code on, the first
 * of them as `cause`.
 */
export function reasonOfSilence(error: unknown): string {
  const code = codeIn(error);
  return reasons[code] ?? `the connection failed${code === '' ? '' : ` (${code})`}`;
}

const reasons: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name is not known (DNS)',
  EAI_AGAIN: 'names cannot be looked up at the moment (DNS)',
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection broke off',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to it',
  ETIMEDOUT: 'nothing answers there',
  UND_ERR_CONNECT_TIMEOUT: 'nothing answers there',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is self-signed',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is incomplete',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};

function codeIn(error: unknown): string {
  for (let at: unknown = error, depth = 0; isRecord(at) && depth < 4; depth += 1) {
    if (typeof at['code'] === 'string') return at['code'];
    const { errors, cause } = at;
    at = Array.isArray(errors) ? errors[0] : cause;
  }
  return '';
}
