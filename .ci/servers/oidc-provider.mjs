// An authorization server on loopback: `node oidc-provider.mjs [PORT [FOLDER]]`, where no port or 0 means any free one.
//
// Prints `ready http://127.0.0.1:PORT` once it answers, and ends when its standard input does: whoever starts it holds the
// other end of that pipe, so it cannot outlive them. By hand: leave the terminal as its input, or `sleep 1h | node ...`.
//
// With a folder it answers over TLS as well, at the second address after `ready` and at `mtls_endpoint_aliases` in its
// metadata (RFC 8705 section 5), and puts what a client needs for that into the folder; see `certificates.mjs`.
//
// oidc-provider is OpenID-certified and strict: it form-decodes Basic credentials (RFC 6749 section 2.3.1), rotates refresh
// tokens and ends the whole grant when an old one comes back. Its development pages log anybody in. Its clients are in
// `oidc-clients.mjs`, the grants that it does not have by itself in `oidc-grants.mjs`.

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';

import { Provider } from 'oidc-provider';

import { makeCertificates } from './certificates.mjs';
import { clients, testKey } from './oidc-clients.mjs';
import { registerGrants } from './oidc-grants.mjs';

const [port = '0', folder] = process.argv.slice(2);
const tls = folder && makeCertificates(folder);
const listening = async (server, onPort) => {
  await once(server.listen(Number(onPort), '127.0.0.1'), 'listening');
  return `127.0.0.1:${server.address().port}`;
};

// A certificate is asked for, and whether it is good enough is for the client's method to say.
const secure = tls && https.createServer({ ...tls.server, requestCert: true, rejectUnauthorized: false });
const base = secure && `https://${await listening(secure, 0)}`;
const plain = http.createServer();
const issuer = `http://${await listening(plain, port)}`;

const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
const certificate = (ctx) => ctx.socket.getPeerX509Certificate?.();
const alias = (path) => `${base}${path}`;

const provider = new Provider(issuer, {
  clients: clients(tls),
  clientAuthMethods: [
    'client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'private_key_jwt', 'none',
    ...(tls ? ['tls_client_auth', 'self_signed_tls_client_auth'] : []),
  ],
  scopes: ['openid', 'offline_access', 'api:read', 'api:write'],
  responseTypes: ['code', 'id_token', 'id_token token'],
  features: {
    clientCredentials: { enabled: true },
    deviceFlow: { enabled: true },
    devInteractions: { enabled: true },
    // Each client may ask about its own tokens.
    introspection: { enabled: true, allowedPolicy: (ctx, client, token) => token.clientId === client.clientId },
    mTLS: {
      enabled: Boolean(tls),
      certificateBoundAccessTokens: true,
      selfSignedTlsClientAuth: true,
      tlsClientAuth: true,
      getCertificate: certificate,
      certificateAuthorized: (ctx) => ctx.socket.authorized,
      certificateSubjectMatches: (ctx, property, expected) => (
        property === 'tls_client_auth_san_dns' && certificate(ctx).subjectAltName === `DNS:${expected}`
      ),
    },
    pushedAuthorizationRequests: { enabled: true },
    revocation: { enabled: true },
    userinfo: { enabled: true },
  },
  discovery: tls && {
    mtls_endpoint_aliases: {
      token_endpoint: alias('/token'),
      revocation_endpoint: alias('/token/revocation'),
      introspection_endpoint: alias('/token/introspection'),
      userinfo_endpoint: alias('/me'),
    },
  },
  pkce: { required: () => true },
  issueRefreshToken: async (ctx, client) => client.grantTypeAllowed('refresh_token'),
  rotateRefreshToken: true,
  jwks: { keys: [{ ...key, use: 'sig', alg: 'ES256' }] },
  cookies: { keys: [randomBytes(16).toString('hex')] },
});
registerGrants(provider, testKey('rfc7515-a3-p256'));

plain.on('request', provider.callback());
secure?.on('request', provider.callback());
console.log(['ready', issuer, base].join(' ').trim());

process.stdin.resume();
process.stdin.on('close', () => process.exit(0));
