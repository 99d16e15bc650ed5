import { randomBytes } from 'node:crypto';

/** A new identifier as Twilio forms them: two letters and 32 hexadecimal digits. */
export function newSid(prefix: 'CA' | 'MZ' | 'RE'): string {
  return prefix + randomBytes(16).toString('hex');
}
