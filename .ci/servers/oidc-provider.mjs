// An authorization server on loopback: `node oidc-provider.mjs [PORT]`, where no port or 0 means any free one.
//
// Prints `ready http://127.0.0.1:PORT` once it answers, and ends when its standard input does: whoever starts it holds the
// other end of that pipe, so it cannot outlive them. By hand: leave the terminal as its input, or `sleep 1h | node ...`.
//
// oidc-provider is OpenID-certified and strict: it form-decodes Basic credentials (RFC 6749 section 2.3.1), rotates refresh
// tokens and ends the whole grant when an old one comes back. Its development pages log anybody in.

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';

import { Provider } from 'oidc-provider';

// Every kind of reserved character that a Basic secret can be broken by.
const SECRET = 'p%+/&:x';
// The port of a loopback redirect URI is free (RFC 8252 section 7.3).
const REDIRECT_URIS = ['http://127.0.0.1/callback'];

const client = (client_id, token_endpoint_auth_method) => ({
  client_id,
  client_secret: token_endpoint_auth_method === 'none' ? undefined : SECRET,
  token_endpoint_auth_method,
  application_type: 'native',
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  redirect_uris: REDIRECT_URIS,
  id_token_signed_response_alg: 'ES256',
});

const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });

const configuration = {
  clients: [
    client('acf-basic', 'client_secret_basic'),
    client('acf-post', 'client_secret_post'),
    client('acf-public', 'none'),
  ],
  features: {
    devInteractions: { enabled: true },
    revocation: { enabled: true },
    userinfo: { enabled: true },
  },
  pkce: { required: () => true },
  issueRefreshToken: async () => true,
  rotateRefreshToken: true,
  jwks: { keys: [{ ...key, use: 'sig', alg: 'ES256' }] },
  cookies: { keys: [randomBytes(16).toString('hex')] },
};

const server = createServer();
server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  server.on('request', new Provider(issuer, configuration).callback());
  console.log(`ready ${issuer}`);
});

process.stdin.resume();
process.stdin.on('close', () => process.exit(0));
