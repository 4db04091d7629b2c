"""An authorization server on loopback: `python authlib_server.py [PORT]`, where no port or 0 means any free one.

Prints `ready http://127.0.0.1:PORT` once it answers, and ends when its standard input does: whoever starts it holds the
other end of that pipe, so it cannot outlive them. By hand: leave the terminal as its input, or `sleep 1h | python ...`.

Authlib is everything that oidc-provider is not: no cookies are needed, token types and error texts differ, a percent
escape in a Basic secret is decoded but a plus sign is not, nothing happens to a grant whose old refresh token returns, and
a wrong password is an `invalid_request`.
"""

import os
import sys
import threading
import time
from dataclasses import dataclass
from html import escape
from urllib.parse import urlsplit

from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector, current_token
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import ClientMixin, InvalidRequestError, TokenMixin, grants
from authlib.oauth2.rfc6750 import BearerTokenValidator
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc7662 import IntrospectionEndpoint
from authlib.oauth2.rfc9207 import IssuerParameter
from flask import Flask, jsonify, request
from werkzeug.serving import make_server

# Every kind of reserved character that a Basic secret can be broken by.
SECRET = "p%+/&:x"
METHODS = ["client_secret_basic", "client_secret_post", "none"]
CONFIDENTIAL = METHODS[:2]
# Everybody's, for the password grant. It has what a form can be broken by, and a letter that is two bytes.
PASSWORD = "p%+/&: ü"


@dataclass
class Client(ClientMixin):
    client_id: str
    method: str

    def get_client_id(self):
        return self.client_id

    def get_default_redirect_uri(self):
        return None

    def get_allowed_scope(self, scope):
        return " ".join(word for word in (scope or "").split() if word in ("profile", "email"))

    def check_redirect_uri(self, redirect_uri):
        # The port of a loopback redirect URI is free (RFC 8252 section 7.3).
        uri = urlsplit(redirect_uri)
        return (uri.scheme, uri.hostname, uri.path) == ("http", "127.0.0.1", "/callback")

    def check_client_secret(self, client_secret):
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method, endpoint):
        return method == self.method

    def check_response_type(self, response_type):
        return response_type in ("code", "token")

    def check_grant_type(self, grant_type):
        return grant_type in ("authorization_code", "implicit", "refresh_token", "password", "client_credentials")


@dataclass
class Code:
    code: str
    client_id: str
    redirect_uri: str
    scope: str
    user: str
    code_challenge: str
    code_challenge_method: str

    def get_redirect_uri(self):
        return self.redirect_uri

    def get_scope(self):
        return self.scope


@dataclass
class Token(TokenMixin):
    client_id: str
    user: str | None
    scope: str
    access_token: str
    refresh_token: str | None
    expires_at: float
    revoked: bool = False

    def check_client(self, client):
        return client.client_id == self.client_id

    def get_scope(self):
        return self.scope

    def is_expired(self):
        return time.time() >= self.expires_at

    def is_revoked(self):
        return self.revoked


CLIENTS = {c.client_id: c for c in (
    Client("acf-basic", "client_secret_basic"), Client("acf-post", "client_secret_post"), Client("acf-public", "none"))}
CODES, TOKENS = {}, []


def find(**wanted):
    (name, value), = wanted.items()
    return next((token for token in TOKENS if getattr(token, name) == value), None)


def save_token(token, oauth_request):
    TOKENS.append(Token(oauth_request.client.client_id, oauth_request.user, token.get("scope", ""),
                        token["access_token"], token.get("refresh_token"), time.time() + token["expires_in"]))


class CodeGrant(grants.AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS

    def save_authorization_code(self, code, oauth_request):
        asked = oauth_request.payload
        CODES[code] = Code(code, asked.client_id, asked.redirect_uri, oauth_request.scope, oauth_request.user,
                           asked.data["code_challenge"], asked.data["code_challenge_method"])

    def query_authorization_code(self, code, client):
        found = CODES.get(code)
        return found if found and found.client_id == client.client_id else None

    def delete_authorization_code(self, authorization_code):
        del CODES[authorization_code.code]

    def authenticate_user(self, authorization_code):
        return authorization_code.user


class RequiredS256(CodeChallenge):
    """Authlib's own `required` concerns public clients only and allows `plain`."""

    def validate_code_challenge(self, grant, redirect_uri):
        if grant.request.payload.data.get("code_challenge_method") != "S256":
            raise InvalidRequestError("Missing 'code_challenge' with the method S256")
        return super().validate_code_challenge(grant, redirect_uri)


class RefreshGrant(grants.RefreshTokenGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token):
        token = find(refresh_token=refresh_token)
        return None if token is None or token.revoked else token

    def authenticate_user(self, refresh_token):
        return refresh_token.user

    def revoke_old_credential(self, refresh_token):
        refresh_token.revoked = True


class PasswordGrant(grants.ResourceOwnerPasswordCredentialsGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS

    def authenticate_user(self, username, password):
        return username if password == PASSWORD else None


class ClientCredentialsGrant(grants.ClientCredentialsGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = CONFIDENTIAL


class Introspection(IntrospectionEndpoint):
    CLIENT_AUTH_METHODS = CONFIDENTIAL

    def query_token(self, token_string, token_type_hint):
        return find(access_token=token_string) or find(refresh_token=token_string)

    def check_permission(self, token, client, oauth_request):
        return token.client_id == client.client_id

    def introspect_token(self, token):
        claims = {"client_id": token.client_id, "scope": token.scope, "exp": int(token.expires_at), "sub": token.user,
                  "username": token.user, "token_type": "Bearer", "iss": request.host_url.rstrip("/")}
        return {name: value for name, value in claims.items() if value is not None}


class Revocation(RevocationEndpoint):
    CLIENT_AUTH_METHODS = METHODS

    def query_token(self, token_string, token_type_hint):
        return find(access_token=token_string) or find(refresh_token=token_string)

    def revoke_token(self, token, oauth_request):
        token.revoked = True


class Bearer(BearerTokenValidator):
    def authenticate_token(self, token_string):
        return find(access_token=token_string)


class Issuer(IssuerParameter):
    def get_issuer(self):
        return request.host_url.rstrip("/")


os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # loopback only
app = Flask(__name__)
app.config["OAUTH2_REFRESH_TOKEN_GENERATOR"] = True
server = AuthorizationServer(app, query_client=CLIENTS.get, save_token=save_token)
server.register_grant(CodeGrant, [RequiredS256()])
server.register_grant(RefreshGrant)
server.register_grant(grants.ImplicitGrant)
server.register_grant(PasswordGrant)
server.register_grant(ClientCredentialsGrant)
server.register_endpoint(Revocation)
server.register_endpoint(Introspection)
server.register_extension(Issuer())
protected = ResourceProtector()
protected.register_token_validator(Bearer())


@app.get("/.well-known/oauth-authorization-server")
def metadata():
    issuer = request.host_url.rstrip("/")
    return jsonify(issuer=issuer, authorization_endpoint=f"{issuer}/authorize", token_endpoint=f"{issuer}/token",
                   revocation_endpoint=f"{issuer}/revoke", introspection_endpoint=f"{issuer}/introspect",
                   userinfo_endpoint=f"{issuer}/userinfo",
                   grant_types_supported=["authorization_code", "implicit", "refresh_token", "password", "client_credentials"],
                   response_types_supported=["code", "token"], code_challenge_methods_supported=["S256"],
                   token_endpoint_auth_methods_supported=METHODS,
                   authorization_response_iss_parameter_supported=True)


@app.route("/authorize", methods=["GET", "POST"])
def authorize():
    try:
        grant = server.get_consent_grant(end_user=request.form.get("login"))
    except OAuth2Error as error:
        return server.handle_error_response(None, error)
    login = request.form.get("login")
    if not login:
        return page('<p><label>Login <input name="login"></label> <label>Password '
                    '<input type="password" name="password"></label> <button>Sign in</button></p>')
    if "decision" not in request.form:
        return page(f"<p>{escape(grant.client.client_id)} asks for: {escape(grant.request.scope)}</p>"
                    f'<input type="hidden" name="login" value="{escape(login)}">'
                    '<p><button name="decision" value="allow">Allow</button> '
                    '<button name="decision" value="deny">Deny</button></p>')
    allowed = request.form["decision"] == "allow"
    return server.create_authorization_response(grant=grant, grant_user=login if allowed else None)


def page(form):
    """A form that posts back to the same address, with the authorization request still in its query."""
    action = escape(request.full_path)
    return f'<!doctype html><title>Authlib</title><form method="post" action="{action}">{form}</form>'


@app.post("/token")
def token():
    return server.create_token_response()


@app.post("/revoke")
def revoke():
    return server.create_endpoint_response(Revocation.ENDPOINT_NAME)


@app.post("/introspect")
def introspect():
    return server.create_endpoint_response(Introspection.ENDPOINT_NAME)


@app.get("/userinfo")
@protected()
def userinfo():
    return jsonify(sub=current_token.user)


def main():
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    listener = make_server("127.0.0.1", port, app, threaded=True)
    threading.Thread(target=listener.serve_forever, daemon=True).start()
    print(f"ready http://127.0.0.1:{listener.server_port}", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
