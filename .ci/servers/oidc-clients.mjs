// The clients of oidc-provider: one for each way to prove who a client is (RFC 7591's names), and two that may do one
// thing only. They all may use every grant, where nothing else is said.

import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { JWT_BEARER, TOKEN_EXCHANGE } from './oidc-grants.mjs';

// Every kind of reserved character that a Basic secret can be broken by.
const SECRET = 'p%+/&:x';
// Long enough for HS256 (RFC 7518 section 3.2).
const JWT_SECRET = 'p%+/&:x, and more: thirty-two bytes it needs';
// The port of a loopback redirect URI is free (RFC 8252 section 7.3).
const REDIRECT_URIS = ['http://127.0.0.1/callback'];
const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code';

// Client credentials are for those who have some (RFC 6749 section 4.4).
const FOR_ALL = ['authorization_code', 'refresh_token', DEVICE_CODE, TOKEN_EXCHANGE, JWT_BEARER];

const client = (client_id, token_endpoint_auth_method, more = {}) => ({
  client_id,
  token_endpoint_auth_method,
  application_type: 'native',
  grant_types: token_endpoint_auth_method === 'none' ? FOR_ALL : [...FOR_ALL, 'client_credentials'],
  response_types: ['code'],
  redirect_uris: REDIRECT_URIS,
  id_token_signed_response_alg: 'ES256',
  ...more,
});

/** The public half of one of the keys that the tests of signatures have. */
export const testKey = (name) => (
  createPublicKey(readFileSync(new URL(`../../acf-core/tests/keys/${name}.pem`, import.meta.url)))
);

const jwks = (...keys) => ({ jwks: { keys: keys.map((name) => testKey(name).export({ format: 'jwk' })) } });

export const clients = (tls) => [
  client('acf-basic', 'client_secret_basic', { client_secret: SECRET }),
  client('acf-post', 'client_secret_post', { client_secret: SECRET }),
  client('acf-public', 'none'),
  client('acf-secret-jwt', 'client_secret_jwt', { client_secret: JWT_SECRET }),
  // ES256 and RS256.
  client('acf-private-key-jwt', 'private_key_jwt', jwks('rfc7515-a3-p256', 'rfc7515-a2-rsa')),
  client('acf-par', 'client_secret_basic', { client_secret: SECRET, require_pushed_authorization_requests: true }),
  client('acf-fragment', 'none', { grant_types: ['implicit'], response_types: ['id_token token', 'id_token'] }),
  ...(tls ? [
    client('acf-tls', 'tls_client_auth', {
      tls_client_auth_san_dns: tls.name,
      tls_client_certificate_bound_access_tokens: true,
    }),
    client('acf-self-signed', 'self_signed_tls_client_auth', {
      jwks: { keys: [tls.selfSigned] },
      tls_client_certificate_bound_access_tokens: true,
    }),
  ] : []),
];
