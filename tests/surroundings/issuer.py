"""An issuer of single sign-on on a free port of this machine: discovery, authorize, token and keys, with RS256."""

import base64
import hashlib
import json
import secrets
import threading
import time
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT_ID, CLIENT_SECRET = "peilwijs", "a secret between two servers"


def new_key(name: str = "first") -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig"})


@cache
def first_key() -> RSAKey:
    """Made once: that takes a while."""
    return new_key()


class Issuer:
    """Vouches for whoever `claims` describe. What it says and signs with can be made wrong on purpose.

    Attributes:
        claims: added to, or instead of, those of a right ID token; a function of the right ones gives others.
        key: signs; `published` are the keys that it shows.
    """

    def __init__(self) -> None:
        self.key = first_key()
        self.published = [self.key]
        self.claims: dict[str, Any] = {"sub": "person-1", "email": "agent@example.nl", "email_verified": True}
        self.algorithm = "RS256"
        self.discovery: dict[str, Any] = {}
        self.asked: list[str] = []  # paths
        self._codes: dict[str, dict[str, str]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
        } | self.discovery

    def authorize(self, query: dict[str, str]) -> str:
        """Somebody has signed in here: the address that leads back to the client."""
        assert query["response_type"] == "code" and query["client_id"] == CLIENT_ID
        assert query["code_challenge_method"] == "S256" and "openid" in query["scope"].split()
        code = secrets.token_urlsafe(16)
        self._codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """Exchanges a code once, for who knows the secret and the verifier."""
        right = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if authorization != f"Basic {right}":
            return 401, {"error": "invalid_client"}
        asked = self._codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if (
            asked is None
            or form.get("grant_type") != "authorization_code"
            or challenge != asked["code_challenge"]
            or form.get("redirect_uri") != asked["redirect_uri"]
        ):
            return 400, {"error": "invalid_grant"}
        return 200, {
            "access_token": "opaque",
            "token_type": "Bearer",
            "id_token": self.id_token(asked.get("nonce", "")),
        }

    def id_token(self, nonce: str) -> str:
        present = int(time.time())
        right = {"iss": self.address, "aud": CLIENT_ID, "iat": present, "exp": present + 300, "nonce": nonce}
        claims = {name: value for name, value in (right | self.claims).items() if value is not None}
        if self.algorithm == "none":
            parts = [json.dumps(part).encode() for part in ({"alg": "none", "kid": "first"}, claims)]
            return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts) + "."
        return jwt.encode({"alg": self.algorithm, "kid": self.key.kid}, claims, self.key, algorithms=[self.algorithm])

    def keys(self) -> dict[str, Any]:
        return dict(KeySet(list(self.published)).as_dict(private=False))


def _handler(issuer: Issuer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            issuer.asked.append(parts.path)
            if parts.path == "/authorize":
                query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                self._answer(302, {}, Location=issuer.authorize(query))
            elif parts.path == "/.well-known/openid-configuration":
                self._answer(200, issuer.metadata())
            elif parts.path == "/keys":
                self._answer(200, issuer.keys())
            else:
                self._answer(404, {})

        def do_POST(self) -> None:
            issuer.asked.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._answer(*issuer.token(form, self.headers.get("Authorization", "")))

        def _answer(self, status: int, content: dict[str, Any], **headers: str) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            for name, value in {
                "Content-Type": "application/json",
                "Content-Length": str(len(body)),
                **headers,
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    return Handler
