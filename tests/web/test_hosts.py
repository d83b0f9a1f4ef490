"""Under which names pages are given, and that links never follow the name that was asked for."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from app.main import create
from app.settings import settings
from tests.factories.cases import make_case

PUBLIC, OFFICE = "https://vragen.example", "https://kantoor.example:8443"
Client = Callable[..., TestClient]


@pytest.fixture
def client(database: str, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A browser at an installation with these settings; by default one with https and an office of its own."""

    def make(host: str, public: str = PUBLIC, office: str = OFFICE, demo: str = "0") -> TestClient:
        for name, value in (("PUBLIC_URL", public), ("OFFICE_URL", office), ("IS_DEMO", demo)):
            monkeypatch.setenv(f"PEILWIJS_{name}", value)
        settings.cache_clear()
        return TestClient(create(), base_url=public, headers={"host": host}, follow_redirects=False)

    return make


@pytest.mark.parametrize("host", ["vragen.example", "VRAGEN.example", "vragen.example:443"])
def test_respondents_are_answered_at_the_public_name(client: Client, host: str) -> None:
    someone = client(host)
    assert someone.get("/code").status_code == 200
    assert someone.get("/kantoor/inloggen").status_code == 404, "the office has a name of its own"


def test_staff_are_answered_at_the_office_s_name(client: Client) -> None:
    someone = client("kantoor.example:8443")
    assert someone.get("/kantoor/inloggen").status_code == 200
    assert someone.get("/code").status_code == 404


@pytest.mark.parametrize(
    "host", ["kwaad.example", "", "vragen.example.kwaad.example", "kantoor.example", "vragen.example:80", "127.0.0.1"]
)
def test_any_other_name_is_refused_whatever_is_asked(client: Client, host: str) -> None:
    someone = client(host)
    for path in ("/code", "/kantoor/inloggen", "/v/x", "/nergens", "/static/x/y"):
        answer = someone.get(path)
        assert (answer.status_code, "set-cookie" in answer.headers) == (421, False), path
        assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert someone.post("/code", data={"code": "x"}).status_code == 421


def test_two_names_at_once_are_refused(client: Client) -> None:
    someone = client("vragen.example")
    del someone.headers["host"]
    answer = someone.get("/code", headers=[("host", "vragen.example"), ("host", "kwaad.example")])  # type: ignore[arg-type]
    assert answer.status_code == 421


def test_the_load_balancer_may_ask_by_number(client: Client) -> None:
    assert client("10.0.0.7:8000").get("/gezond").text == "ok"


@pytest.mark.parametrize(
    "given",
    [
        {"public": "http://localhost:8000", "office": ""},
        {"public": "https://localhost:8000", "office": ""},
        {"demo": "1"},
    ],
    ids=["own machine", "own machine with https", "demo"],
)
def test_on_the_own_machine_and_in_a_demo_any_name_will_do(client: Client, given: dict[str, str]) -> None:
    assert client("192.168.1.20:8000", **given).get("/code").status_code == 200


def test_links_never_follow_the_name_that_was_asked_for(client: Client) -> None:
    token = make_case().token
    someone = client("kwaad.example", public="http://localhost:8000", office="")
    for path in ("/", f"/v/{token}", "/vragenlijst", "/code", "/kantoor", "/kantoor/inloggen"):
        answer = someone.get(path)
        assert "kwaad.example" not in answer.text + answer.headers.get("location", ""), path
