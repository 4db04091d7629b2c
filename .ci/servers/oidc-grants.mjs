// The grants that oidc-provider does not have by itself: token exchange (RFC 8693) and JWT assertions (RFC 7523), both as
// small as their sections 2 allow.

import { jwtVerify } from 'jose';
import { errors } from 'oidc-provider';

export const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
export const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';

// Who may vouch for a person, with ES256; and whose tokens others can be exchanged for.
const ASSERTING = 'https://assertions.example';
const AUDIENCE = 'https://api.example';

/** An access token of this server, on behalf of that account. */
const issue = async (ctx, accountId, scope, more) => {
  const { client, provider } = ctx.oidc;
  const grant = new provider.Grant({ accountId, clientId: client.clientId });
  grant.addOIDCScope(scope);
  const token = new provider.AccessToken({
    accountId, client, scope, grantId: await grant.save(), gty: ctx.oidc.params.grant_type,
  });
  const access_token = await token.save();
  ctx.body = { access_token, token_type: token.tokenType, expires_in: token.expiration, scope, ...more };
};

const exchange = async (ctx) => {
  const { params, provider } = ctx.oidc;
  if (params.subject_token_type !== ACCESS_TOKEN || ![ACCESS_TOKEN, undefined].includes(params.requested_token_type)) {
    throw new errors.InvalidRequest('only access tokens are exchanged, for access tokens');
  }
  const subject = await provider.AccessToken.find(params.subject_token ?? '');
  if (!subject?.isValid) {
    throw new errors.InvalidRequest('subject_token is no token of this server');
  }
  if (![AUDIENCE, undefined].includes(params.audience)) {
    throw new errors.InvalidTarget(`audience must be ${AUDIENCE}`);
  }
  const granted = subject.scope.split(' ');
  const scope = params.scope ?? subject.scope;
  if (!scope.split(' ').every((word) => granted.includes(word))) {
    throw new errors.InvalidScope('more than subject_token has', scope);
  }
  await issue(ctx, subject.accountId, scope, { issued_token_type: ACCESS_TOKEN });
};

const assertion = (key) => async (ctx) => {
  const { params, provider } = ctx.oidc;
  const verified = await jwtVerify(params.assertion ?? '', key, {
    algorithms: ['ES256'],
    audience: [provider.issuer, `${provider.issuer}/token`],
    issuer: ASSERTING,
    requiredClaims: ['sub', 'exp'],
  }).catch((cause) => { throw new errors.InvalidGrant(cause.message); });
  await issue(ctx, verified.payload.sub, params.scope ?? 'openid');
};

/** `key` is that of whoever vouches for people. */
export const registerGrants = (provider, key) => {
  provider.registerGrantType(TOKEN_EXCHANGE, exchange, [
    'subject_token', 'subject_token_type', 'actor_token', 'actor_token_type', 'requested_token_type', 'audience',
    'resource', 'scope',
  ]);
  provider.registerGrantType(JWT_BEARER, assertion(key), ['assertion', 'scope']);
};
