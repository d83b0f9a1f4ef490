"""Settings that would be unsafe, or could never work, stop `serve` and `worker` with the name of the variable."""

from collections.abc import Callable

import pytest

from app import readiness
from app.errors import Invalid
from app.settings import settings
from tests.surroundings.environment import SECRET, Environment

STRONG = "3f9c1b6e0a7d4825c1e94f7b2d6a8035"
PUBLIC = {"PUBLIC_URL": "https://vragen.example", "SECRET_KEY": STRONG}
MAIL = {"SMTP_URL": "smtp://user:pass@mail.example:587", "MAIL_FROM": "onderzoek@agency.example"}
SSO = {"OIDC_ISSUER": "https://id.example", "OIDC_CLIENT_ID": "peilwijs", "OIDC_CLIENT_SECRET": "given by it"}


def environment(given: dict[str, str]) -> Environment:
    return Environment(**{f"PEILWIJS_{name}": value for name, value in given.items()})


@pytest.mark.parametrize(
    "given",
    [
        PUBLIC,
        PUBLIC | MAIL | SSO | {"OFFICE_URL": "https://kantoor.example/"},
        PUBLIC | {"BOUNCE_URL": "imaps://user:pass@mail.example/INBOX", "BOUNCE_SECRET": STRONG},
        {"SECRET_KEY": SECRET},
        {"SECRET_KEY": SECRET, "SMTP_URL": "smtp://localhost:1025", "PUBLIC_URL": "http://127.0.0.1:8000"},
        {"SECRET_KEY": STRONG, "PUBLIC_URL": "http://demo.example", "IS_DEMO": "1"},
        {"SECRET_KEY": SECRET, **SSO, "OIDC_ISSUER": "http://localhost:9000"},
    ],
)
def test_good_settings_are_ready(given: dict[str, str]) -> None:
    with environment(given):
        readiness.check()


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SECRET_KEY", "", "is not set"),
        ("SECRET_KEY", "short", "shorter than 32 characters"),
        ("SECRET_KEY", "ab" * 20, "easy to guess"),
        ("SECRET_KEY", SECRET, "known"),
        ("SECRET_KEY", "changeme-changeme-changeme-12345", "known"),
        ("PUBLIC_URL", "http://vragen.example", "begins with http://"),
        ("PUBLIC_URL", "https://vragen.example/onder", "no address of a server"),
        ("PUBLIC_URL", "https://user@vragen.example", "no address of a server"),
        ("PUBLIC_URL", "vragen.example", "no address of a server"),
        ("PUBLIC_URL", "https://vragen.example:port", "no address of a server"),
        ("OFFICE_URL", "http://kantoor.example", "begins with http://"),
        ("OFFICE_URL", "kantoor", "no address of a server"),
        ("SMTP_URL", "mail.example:587", "cannot be read"),
        ("SMTP_URL", "https://mail.example", "cannot be read"),
        ("SMTP_URL", "smtp://mail.example?starttls=perhaps", "cannot be read"),
        ("MAIL_FROM", "onderzoek@peilwijs.invalid", "is not set"),
        ("BOUNCE_URL", "pop://mail.example", "cannot be read"),
        ("BOUNCE_SECRET", "short", "shorter than 32 characters"),
        ("BOUNCE_SECRET", "x" * 40, "easy to guess"),
        ("OIDC_ISSUER", "http://id.example", "overhear"),
        ("OIDC_ISSUER", "", "is not set"),
        ("OIDC_CLIENT_SECRET", "", "is not set"),
        ("REQUEST_THREADS", "many", "cannot be used"),
    ],
)
def test_bad_settings_are_refused_by_name(name: str, value: str, words: str) -> None:
    with environment(PUBLIC | MAIL | SSO | {name: value}), pytest.raises(Invalid) as refused:
        readiness.check()
    assert f"PEILWIJS_{name}" in str(refused.value) and words in str(refused.value)
    assert not value or len(value) < 8 or value not in str(refused.value), "what was given may be a secret"


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_serve_and_worker_refuse_before_they_begin(
    command: str, var_folder: object, monkeypatch: pytest.MonkeyPatch, cli: Callable[..., object]
) -> None:
    monkeypatch.setenv("PEILWIJS_PUBLIC_URL", "http://vragen.example")
    settings.cache_clear()
    outcome = cli(command)
    assert (outcome.exit_code, outcome.stdout, outcome.stderr.count("\n")) == (1, "", 1)
    assert "PEILWIJS_PUBLIC_URL" in outcome.stderr
    assert not list(var_folder.iterdir())  # type: ignore[attr-defined]
