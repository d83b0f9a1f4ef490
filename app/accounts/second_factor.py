"""The second factor: time-based codes of a phone (TOTP, RFC 6238) and recovery codes for who lost it."""

import hmac
import secrets
from collections.abc import Iterator

import pyotp
import segno
import sqlalchemy as sa
from markupsafe import Markup
from sqlalchemy.engine import Connection

from app import clock
from app.accounts.tables import recovery_table, user_table
from app.encryption import decrypt, encrypt, token_hash

STEP_SECONDS = 30
ACCEPTED_STEPS = (-1, 0, 1)  # a phone's clock may be half a minute off
N_RECOVERY_CODES = 10
RECOVERY_SYMBOLS = "23456789abcdefghjkmnpqrstuvwxyz"


def new_secret() -> str:
    """A secret for the user's phone, base32."""
    return pyotp.random_base32()


def address(secret: str, email: str, issuer: str) -> str:
    """The otpauth address that the QR code holds."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)


def qr_code(text: str) -> Markup:
    """The text as an SVG element without styles of its own."""
    drawn = segno.make(text, error="m").svg_inline(scale=5, border=2, omitsize=True)
    return Markup(drawn)  # noqa: S704 - squares only: the text itself stands nowhere in it


def fitting_step(secret: str, code: str, used_step: int) -> int | None:
    """The time step that a code belongs to, when it is right and newer than the last one used."""
    digits = "".join(sign for sign in code if sign.isdigit())
    present = int(clock.now().timestamp()) // STEP_SECONDS
    for offset in ACCEPTED_STEPS:
        step = present + offset
        right = pyotp.TOTP(secret).at(step * STEP_SECONDS)
        if step > used_step and hmac.compare_digest(digits, right):
            return step
    return None


def accept(connection: Connection, user_id: int, code: str) -> bool:
    """Uses up a code of the user's phone or a recovery code; False when it is neither."""
    row = connection.execute(
        sa.select(user_table.c.totp_secret, user_table.c.totp_step).where(user_table.c.id == user_id)
    ).one()
    step = fitting_step(decrypt(row.totp_secret), code, row.totp_step) if row.totp_secret else None
    if step is None:
        return _use_recovery_code(connection, user_id, code)
    # the condition again: of two requests with the same code one finds nothing to change
    used = connection.execute(
        sa.update(user_table).values(totp_step=step).where(user_table.c.id == user_id, user_table.c.totp_step < step)
    )
    return used.rowcount == 1


def enrol(connection: Connection, user_id: int, secret: str, step: int) -> tuple[str, ...]:
    """Stores the secret of a phone that has just shown a right code; returns fresh recovery codes, shown once."""
    connection.execute(
        sa.update(user_table).values(totp_secret=encrypt(secret), totp_step=step).where(user_table.c.id == user_id)
    )
    return renew_recovery_codes(connection, user_id)


def forget(connection: Connection, user_id: int) -> None:
    """Takes phone and recovery codes away: the user sets them up again at the next sign-in."""
    connection.execute(sa.update(user_table).values(totp_secret=None, totp_step=0).where(user_table.c.id == user_id))
    connection.execute(sa.delete(recovery_table).where(recovery_table.c.user_id == user_id))


def renew_recovery_codes(connection: Connection, user_id: int) -> tuple[str, ...]:
    """Ten new codes; those from before stop working."""
    codes = tuple(_recovery_codes())
    connection.execute(sa.delete(recovery_table).where(recovery_table.c.user_id == user_id))
    connection.execute(
        sa.insert(recovery_table), [{"hash": _recovery_hash(user_id, code), "user_id": user_id} for code in codes]
    )
    return codes


def _recovery_codes() -> Iterator[str]:
    for _ in range(N_RECOVERY_CODES):
        signs = "".join(secrets.choice(RECOVERY_SYMBOLS) for _ in range(12))
        yield f"{signs[:4]}-{signs[4:8]}-{signs[8:]}"


def _recovery_hash(user_id: int, code: str) -> bytes:
    plain = "".join(sign for sign in code.lower() if sign.isalnum())
    return token_hash(f"recovery:{user_id}:{plain}")


def _use_recovery_code(connection: Connection, user_id: int, code: str) -> bool:
    gone = connection.execute(
        sa.delete(recovery_table).where(
            recovery_table.c.hash == _recovery_hash(user_id, code), recovery_table.c.user_id == user_id
        )
    )
    return gone.rowcount == 1
