// What a server and its clients show each other over TLS (RFC 8705), made anew each time by openssl.
//
// A client finds in the folder:
//   ca.pem            whom to trust: it vouches for the server, which is at 127.0.0.1, and for the first client
//   client.pem        certificate and key of `acf-tls`, for the name `acf-tls.example`
//   self-signed.pem   certificate and key of `acf-self-signed`, for which nobody vouches
//   stranger.pem      certificate and key for the same name as the first client's, for which nobody vouches

import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const NAME = 'acf-tls.example';

export const makeCertificates = (folder) => {
  mkdirSync(folder, { recursive: true });
  const at = (file) => join(folder, file);
  // The machine's own configuration would make an authority of each of them.
  writeFileSync(at('empty.cnf'), '[req]\ndistinguished_name=dn\n[dn]\n');
  const make = (file, subject, names, ...signer) => {
    const extensions = names ? [`subjectAltName=${names}`] : ['basicConstraints=critical,CA:TRUE'];
    execFileSync('openssl', [
      'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30',
      '-config', at('empty.cnf'), '-subj', `/CN=${subject}`, ...extensions.flatMap((text) => ['-addext', text]), ...signer,
      '-keyout', at(`${file}.key`), '-out', at(`${file}.pem`),
    ], { stdio: 'pipe' });
    return readFileSync(at(`${file}.pem`));
  };
  const signed = ['-CA', at('ca.pem'), '-CAkey', at('ca.key')];
  const ca = make('ca', 'an authority');
  const cert = make('server', 'a server', 'IP:127.0.0.1', ...signed);
  make('client', 'a client', `DNS:${NAME}`, ...signed);
  const selfSigned = new X509Certificate(make('self-signed', 'a client of its own', 'DNS:acf-self-signed.example'));
  const jwk = { ...selfSigned.publicKey.export({ format: 'jwk' }), x5c: [selfSigned.raw.toString('base64')] };
  make('stranger', 'a stranger', `DNS:${NAME}`);
  for (const file of ['client', 'self-signed', 'stranger']) {
    appendFileSync(at(`${file}.pem`), readFileSync(at(`${file}.key`)));
  }
  return { server: { ca, cert, key: readFileSync(at('server.key')) }, name: NAME, selfSigned: jwk };
};
