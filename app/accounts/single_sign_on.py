"""Single sign-on with OpenID Connect: authorization code with PKCE, state and nonce (authlib, joserfc).

Only users that an administrator made come in: the first time by the e-mail address that the issuer has verified, from
then on by the issuer's own name for them. The second factor is the issuer's affair.
"""

import hmac
import logging
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import requests
import sqlalchemy as sa
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from itsdangerous import BadData, URLSafeTimedSerializer
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from sqlalchemy.engine import Connection, Row

from app import clock
from app.accounts import users
from app.accounts.tables import user_table
from app.audit.log import record
from app.encryption import key
from app.errors import N_, Forbidden, Unavailable
from app.settings import LOCAL_HOSTS, settings

log = logging.getLogger("peilwijs.accounts")
PATH = "/kantoor/inloggen/werkaccount"
WAY_BACK = f"{PATH}/terug"
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]  # never none, never HS
PATIENCE_SECONDS = 5.0
UNDER_WAY_SECONDS = 600  # between leaving for the issuer and coming back
LEEWAY_SECONDS = 60  # of the issuer's clock
KEPT_SECONDS = 3600  # what the issuer says about itself
KEYS_AT_MOST_EVERY_SECONDS = 10.0  # an unknown key may be a new one: then they are fetched again
NOT_HERE = N_("Met dit werkaccount kunt u hier niet inloggen. Vraag de beheerder om een account met uw e-mailadres.")
FAILED = N_("Inloggen met uw werkaccount is niet gelukt. Probeer het nog eens.")
AWAY = N_("Inloggen met uw werkaccount lukt nu niet. Probeer het straks, of log in met uw wachtwoord.")


@dataclass(frozen=True)
class Identity:
    """Whom the issuer has let in. `subject` names issuer and person, for ever."""

    subject: str
    email: str
    is_email_verified: bool


def is_set_up() -> bool:
    """Whether the settings name an issuer."""
    return bool(settings().oidc_issuer)


def begin() -> tuple[str, str]:
    """The address at the issuer to send the browser to, and what its cookie keeps until it is back.

    Raises:
        Unavailable: when the issuer does not answer.
    """
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    with _session() as session:
        address, _ = session.create_authorization_url(
            issuer().metadata()["authorization_endpoint"], state=state, nonce=nonce, code_verifier=verifier
        )
    return str(address), _signer().dumps([state, nonce, verifier])


def finish(given: Mapping[str, str], kept: str) -> Identity:
    """Who came back from the issuer.

    Args:
        given: the parameters of the address at which the browser came back.
        kept: what `begin` put in its cookie.

    Raises:
        Forbidden: when anything of it does not fit.
        Unavailable: when the issuer does not answer.
    """
    try:
        state, nonce, verifier = _signer().loads(kept, max_age=UNDER_WAY_SECONDS)
    except (BadData, ValueError):
        raise _refusal("no cookie") from None
    if not hmac.compare_digest(given.get("state", "").encode(), state.encode()):
        raise _refusal("another state")
    if given.get("iss", issuer().address) != issuer().address or "code" not in given:
        raise _refusal("no code")
    claims = _claims(_id_token(given["code"], verifier), nonce)
    return Identity(
        f"{claims['iss']} {claims['sub']}", str(claims.get("email") or ""), claims.get("email_verified") is True
    )


def admit(connection: Connection, identity: Identity) -> Row[Any]:
    """The user of an identity; the first time, found by a verified e-mail address, they are linked.

    Raises:
        Forbidden: with one and the same sentence when there is none, they are disabled or linked to somebody else.
    """
    row = connection.execute(sa.select(user_table).where(user_table.c.sso_subject == identity.subject)).first()
    if row is None:
        row = _linked(connection, identity)
    if row.disabled_at is not None:
        log.warning("single sign-on refused: disabled")
        raise Forbidden(NOT_HERE)
    record(connection, f"user:{row.id}", "user.signed_in", f"user:{row.id}", way="sso")
    return row


def _linked(connection: Connection, identity: Identity) -> Row[Any]:
    row = users.by_email(connection, identity.email) if identity.email and identity.is_email_verified else None
    if row is None or row.sso_subject is not None or len(identity.subject) > 500:
        log.warning("single sign-on refused: no such user")
        raise Forbidden(NOT_HERE)
    linked = sa.update(user_table).where(user_table.c.id == row.id).values(sso_subject=identity.subject)
    connection.execute(linked)
    record(connection, f"user:{row.id}", "user.sso_linked", f"user:{row.id}")
    return row


def forget(connection: Connection, actor: str, user_id: int) -> None:
    """For who got another account at the issuer: the next time they are found by their e-mail address again."""
    users.one(connection, user_id)
    connection.execute(sa.update(user_table).where(user_table.c.id == user_id).values(sso_subject=None))
    record(connection, actor, "user.sso_forgotten", f"user:{user_id}")


@dataclass
class Issuer:
    """What an issuer says about itself and the keys it signs with, fetched when needed."""

    address: str
    _metadata: dict[str, Any] = field(default_factory=dict)
    _read_at: float = 0.0
    _keys: KeySet | None = None
    _keys_read_at: float = 0.0

    def metadata(self) -> dict[str, Any]:
        """Its endpoints; only those that nobody can overhear."""
        if not self._metadata or time.monotonic() - self._read_at > KEPT_SECONDS:
            found = _fetched(f"{self.address.rstrip('/')}/.well-known/openid-configuration")
            wanted = ("authorization_endpoint", "token_endpoint", "jwks_uri")
            if found.get("issuer") != self.address or not all(self._is_safe(found.get(name)) for name in wanted):
                raise _away("what the issuer says about itself does not fit PEILWIJS_OIDC_ISSUER")
            self._metadata, self._read_at = found, time.monotonic()
        return self._metadata

    def keys(self, *, afresh: bool = False) -> KeySet:
        """Its public keys."""
        age_seconds = time.monotonic() - self._keys_read_at
        is_old = age_seconds > (KEYS_AT_MOST_EVERY_SECONDS if afresh else KEPT_SECONDS)
        if self._keys is None or is_old:
            try:
                self._keys = KeySet.import_key_set(_fetched(self.metadata()["jwks_uri"]))  # type: ignore[arg-type]
            except (JoseError, ValueError, KeyError, TypeError):
                raise _away("its keys cannot be read") from None
            self._keys_read_at = time.monotonic()
        return self._keys

    def _is_safe(self, address: object) -> bool:
        parts = urlsplit(address) if isinstance(address, str) else None
        is_local = urlsplit(self.address).hostname in LOCAL_HOSTS
        return parts is not None and (parts.scheme == "https" or (is_local and parts.hostname in LOCAL_HOSTS))


@cache
def _issuer(address: str) -> Issuer:
    return Issuer(address)


def issuer() -> Issuer:
    """The issuer of the settings."""
    return _issuer(settings().oidc_issuer)


def _session() -> OAuth2Session:
    return OAuth2Session(
        settings().oidc_client_id,
        settings().oidc_client_secret,
        token_endpoint_auth_method="client_secret_basic",  # noqa: S106 - a way, no secret
        scope="openid email",
        redirect_uri=settings().office_address + WAY_BACK,
        code_challenge_method="S256",
        default_timeout=PATIENCE_SECONDS,
    )


def _fetched(address: str) -> dict[str, Any]:
    try:
        answer = requests.get(address, timeout=PATIENCE_SECONDS, allow_redirects=False)
        found = answer.json() if answer.status_code == 200 else None
    except (requests.RequestException, ValueError) as trouble:
        raise _away(type(trouble).__name__) from None
    if not isinstance(found, dict):
        raise _away(f"status {answer.status_code}")
    return found


def _id_token(code: str, verifier: str) -> str:
    """Exchanges the code for what the issuer says about this person."""
    try:
        with _session() as session:
            token = session.fetch_token(
                issuer().metadata()["token_endpoint"],
                grant_type="authorization_code",
                code=code,
                code_verifier=verifier,
            )
    except OAuthError:
        raise _refusal("the issuer does not take the code") from None
    except (requests.RequestException, ValueError) as trouble:
        raise _away(type(trouble).__name__) from None
    found = token.get("id_token")
    if not isinstance(found, str):
        raise _refusal("no id token")
    return found


def _claims(id_token: str, nonce: str) -> dict[str, Any]:
    """What the issuer says, when it was signed by it, for us, now, and for this very sign-in."""
    client_id = settings().oidc_client_id
    try:
        claims = _decoded(id_token)
        jwt.JWTClaimsRegistry(
            now=int(clock.now().timestamp()),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": issuer().address},
            aud={"essential": True, "value": client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
        ).validate(claims)
    except (JoseError, ValueError) as problem:
        raise _refusal(type(problem).__name__) from None
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise _refusal("another nonce")
    if not isinstance(claims["sub"], str) or claims.get("azp", client_id) != client_id:
        raise _refusal("another party")
    return claims


def _decoded(id_token: str) -> dict[str, Any]:
    try:
        return jwt.decode(id_token, issuer().keys(), algorithms=ALGORITHMS).claims
    except InvalidKeyIdError:
        return jwt.decode(id_token, issuer().keys(afresh=True), algorithms=ALGORITHMS).claims


def _refusal(reason: str) -> Forbidden:
    log.warning("single sign-on refused: %s", reason)
    return Forbidden(FAILED)


def _away(reason: str) -> Unavailable:
    log.warning("single sign-on does not work: %s", reason)
    return Unavailable(AWAY)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(key("single-sign-on", settings().secret), salt="single-sign-on")
