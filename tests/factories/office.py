"""Somebody of the office with a browser that knows no JavaScript."""

import html
import re
from functools import cache
from typing import Any

import pyotp
import sqlalchemy as sa
from starlette.testclient import TestClient

from app.accounts import passwords, sessions, users
from app.accounts.tables import user_table
from app.audit.log import entry_table
from app.database import reading, writing
from app.encryption import encrypt
from app.main import create
from app.web import attempts
from app.web.access import Role

PASSWORD = "vier losse woorden op een rij"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@cache
def _hashed() -> str:
    """Made once: it is meant to take long."""
    return passwords.hashed(PASSWORD)


def make_user(role: Role = Role.RESEARCHER, provider_id: int | None = None, *, has_phone: bool = True) -> Any:
    """A user with a password, and with a linked phone where their role needs one."""
    with writing() as connection:
        email = f"{role.value}{provider_id or ''}@example.nl"
        made = users.add(connection, "command", email, f"Een {role.value}", role, provider_id)
        phone = encrypt(SECRET) if has_phone and role in users.NEEDS_SECOND_FACTOR else None
        own = user_table.update().values(password_hash=_hashed(), totp_secret=phone)
        connection.execute(own.where(user_table.c.id == made))
    with writing() as connection:
        return users.one(connection, made)


class Employee:
    """One browser at the office's door."""

    def __init__(self, address: str = "http://localhost:8000", app: Any = None) -> None:
        attempts.forget_all()
        self.client = TestClient(app or create(), base_url=address, follow_redirects=False)
        self.response: Any = None

    @property
    def key(self) -> str:
        return str(self.client.cookies["peilwijs-office"])

    def carry(self, key: str) -> "Employee":
        """Has this session cookie and no other."""
        self.client.cookies.clear()
        self.client.cookies.set("peilwijs-office", key)
        return self

    def get(self, path: str) -> "Employee":
        self.response = self.client.get(path)
        return self

    def post(self, path: str, **fields: str) -> "Employee":
        """Posts with the token of the page that is open."""
        found = re.search(r'name="token" value="([0-9a-f]+)"', self.text) if self.response else None
        self.response = self.client.post(path, data={"token": found[1] if found else "", **fields})
        return self

    def follow(self) -> "Employee":
        """Goes where a redirect leads."""
        assert self.response.status_code == 303, (self.response.status_code, self.text[-600:])
        return self.get(self.response.headers["location"])

    @property
    def text(self) -> str:
        return str(self.response.text)

    @property
    def words(self) -> str:
        """What there is to read on the page, without its title and navigation."""
        body = re.sub(r"<(title|nav).*?</\1>", " ", self.text, flags=re.DOTALL)
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())

    @property
    def status(self) -> int:
        return int(self.response.status_code)

    def give_password(self, email: str, password: str = PASSWORD) -> "Employee":
        return self.get("/kantoor/inloggen").post("/kantoor/inloggen", email=email, password=password)

    def give_code(self, code: str | None = None) -> "Employee":
        self.get("/kantoor/inloggen/code")
        return self.post("/kantoor/inloggen/code", code=code or pyotp.TOTP(SECRET).now())


def audited(action: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Actor, subject and details of every entry of an action."""
    with reading() as connection:
        columns = entry_table.c.actor, entry_table.c.subject, entry_table.c.details
        rows = connection.execute(sa.select(*columns).where(entry_table.c.action == action))
        return [(row.actor, row.subject, row.details) for row in rows]


def signed_in_as(role: Role, provider_id: int | None = None, *, app: Any = None) -> Employee:
    """A browser that went through the whole sign-in."""
    made = make_user(role, provider_id)
    with writing() as connection:
        key = sessions.start(connection, made.id, "Firefox, Linux", is_complete=True)
    return Employee(app=app).carry(key)
