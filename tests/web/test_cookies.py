"""Cookies behind https: bound to the host, out of reach of scripts and of other sites."""

import re

import pytest
from starlette.testclient import TestClient

from app.main import create
from app.settings import settings
from app.web.access import Role
from tests.factories.cases import make_case
from tests.factories.office import PASSWORD, make_user
from tests.surroundings.issuer import Issuer

PUBLIC = "https://vragen.example"


@pytest.fixture
def client(database: str, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.setenv("PEILWIJS_PUBLIC_URL", PUBLIC)
    settings.cache_clear()
    return TestClient(create(), base_url=PUBLIC, follow_redirects=False)


def check(cookies: list[str], *names: str) -> None:
    assert sorted(cookie.split("=")[0] for cookie in cookies) == sorted(names)
    for cookie in cookies:
        marks = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert {"httponly", "secure", "samesite=lax", "path=/"} <= marks, cookie
        assert cookie.startswith("__Host-") and not any(mark.startswith("domain") for mark in marks)


def test_the_cookies_of_the_office(client: TestClient) -> None:
    make_user(Role.AGENT)
    token = re.search(r'name="token" value="(\w+)"', client.get("/kantoor/inloggen").text)[1]
    form = {"email": "agent@example.nl", "password": PASSWORD, "token": token}
    answer = client.post("/kantoor/inloggen", data=form)
    check(answer.headers.get_list("set-cookie"), "__Host-peilwijs-office", "__Host-peilwijs-known")


def test_the_cookies_of_a_respondent(client: TestClient) -> None:
    answer = client.get(f"/v/{make_case().token}")
    check(answer.headers.get_list("set-cookie"), "__Host-peilwijs", "__Host-taal")


def test_the_cookie_of_single_sign_on(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    issuer = Issuer()
    monkeypatch.setenv("PEILWIJS_OIDC_ISSUER", issuer.address)
    settings.cache_clear()
    answer = client.get("/kantoor/inloggen/werkaccount")
    issuer.stop()
    check(answer.headers.get_list("set-cookie"), "__Host-peilwijs-sso")
