import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
  readonly certificateFile: string;
}

/** A certificate for loopback that signs itself. @throws Error where there is no openssl */
export function selfSignedCertificate(folder: string): Certificate {
  const keyFile = path.join(folder, 'key.pem');
  const certificateFile = path.join(folder, 'cert.pem');
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', keyFile];
  const made = spawnSync('openssl', [
    'req',
    '-x509',
    ...key,
    ...subject,
    '-days',
    '2',
    '-out',
    certificateFile,
  ]);
  if (made.status !== 0) throw new Error('--tls needs openssl, to make a certificate.');
  return { key: readFileSync(keyFile, 'utf8'), cert: readFileSync(certificateFile, 'utf8'), certificateFile };
}
