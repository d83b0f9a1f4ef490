"""Single sign-on against a real issuer on this machine: who comes in, and everything that must keep somebody out."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import sqlalchemy as sa
import time_machine

from app import clock
from app.accounts import single_sign_on, users
from app.accounts.tables import session_table, user_table
from app.audit.log import entry_table
from app.database import reading, writing
from app.settings import settings
from app.web.access import Role
from tests.factories.office import Employee, make_user, signed_in_as
from tests.surroundings.issuer import CLIENT_ID, CLIENT_SECRET, Issuer, new_key

WAY_OUT, WAY_BACK = "/kantoor/inloggen/werkaccount", "/kantoor/inloggen/werkaccount/terug"
OTHER_KEY = new_key()


@pytest.fixture
def issuer(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Issuer]:
    """An issuer that the settings name."""
    issuer = Issuer()
    monkeypatch.setenv("PEILWIJS_OIDC_ISSUER", issuer.address)
    monkeypatch.setenv("PEILWIJS_OIDC_CLIENT_ID", CLIENT_ID)
    monkeypatch.setenv("PEILWIJS_OIDC_CLIENT_SECRET", CLIENT_SECRET)
    settings.cache_clear()
    single_sign_on._issuer.cache_clear()
    yield issuer
    issuer.stop()


def way_back(employee: Employee) -> str:
    """Goes to the issuer and signs in there; the path with which the browser comes back."""
    employee.get(WAY_OUT)
    assert employee.status == 303, employee.text
    answer = requests.get(employee.response.headers["location"], allow_redirects=False, timeout=5)
    parts = urlsplit(answer.headers["Location"])
    assert f"{parts.scheme}://{parts.netloc}" == settings().public_url
    return f"{parts.path}?{parts.query}"


def come_in(employee: Employee | None = None) -> Employee:
    employee = employee or Employee()
    return employee.get(way_back(employee))


def n_sessions() -> int:
    with reading() as connection:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(session_table)) or 0)


def is_refused(employee: Employee) -> bool:
    return (employee.status, n_sessions(), "peilwijs-office" in employee.client.cookies) == (403, 0, False)


def test_a_user_comes_in_by_a_verified_address_and_then_by_subject(issuer: Issuer) -> None:
    user = make_user(Role.AGENT)
    employee = come_in()
    assert employee.response.headers["location"] == "/kantoor/account"
    assert employee.follow().status == 200
    assert "peilwijs-sso" not in employee.client.cookies, "what is kept meanwhile goes once it was used"
    with reading() as connection:
        assert users.one(connection, user.id).sso_subject == f"{issuer.address} person-1"
        entries = connection.execute(sa.select(entry_table.c.action, entry_table.c.details)).all()
    assert ("user.signed_in", {"way": "sso"}) in [tuple(entry) for entry in entries]
    assert "user.sso_linked" in [entry.action for entry in entries]
    issuer.claims |= {"email": "heel.anders@example.nl", "email_verified": False}
    assert come_in().follow().status == 200


def test_the_second_factor_is_the_issuers(issuer: Issuer) -> None:
    make_user(Role.RESEARCHER)
    issuer.claims["email"] = "Researcher@Example.nl"
    assert come_in().follow().status == 200


def wrong_claims() -> list[dict[str, object]]:
    """What may be wrong with an ID token, one thing at a time."""
    present = int(time.time())
    return [
        {"nonce": "of another sign-in"},
        {"nonce": None},
        {"aud": "another-office"},
        {"aud": None},
        {"aud": ["peilwijs", "another-office"], "azp": "another-office"},
        {"iss": "https://another.example"},
        {"iss": None},
        {"exp": present - 120},
        {"exp": None},
        {"iat": present + 600},
        {"sub": None},
        {"sub": 7},
        {"email_verified": False},
        {"email_verified": "true"},
        {"email_verified": None},
        {"email": "niemand@example.nl"},
        {"email": None},
    ]


def test_a_token_with_one_wrong_claim_opens_nothing(issuer: Issuer) -> None:
    make_user(Role.AGENT)
    employee, right = Employee(), dict(issuer.claims)
    for claims in wrong_claims():
        issuer.claims = right | claims
        assert is_refused(come_in(employee)), claims
    with reading() as connection:
        assert connection.scalars(sa.select(user_table.c.sso_subject)).all() == [None]
    issuer.claims = right
    assert come_in(employee).status == 303, "nothing else was wrong"


def sign_with_another_key(issuer: Issuer) -> None:
    issuer.key = OTHER_KEY  # of the same name as the one that is published


def sign_with_an_unknown_key(issuer: Issuer) -> None:
    issuer.key = new_key("unknown")


def do_not_sign(issuer: Issuer) -> None:
    issuer.algorithm = "none"


@pytest.mark.parametrize("spoil", [sign_with_another_key, sign_with_an_unknown_key, do_not_sign])
def test_a_token_that_the_issuer_did_not_sign_opens_nothing(issuer: Issuer, spoil: Callable[[Issuer], None]) -> None:
    make_user(Role.AGENT)
    spoil(issuer)
    assert is_refused(come_in())


def test_keys_that_changed_are_fetched_again(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    make_user(Role.AGENT)
    assert come_in().status == 303
    monkeypatch.setattr(single_sign_on, "KEYS_AT_MOST_EVERY_SECONDS", 0.0)
    issuer.key = new_key("second")
    issuer.published.append(issuer.key)
    assert come_in().status == 303
    assert issuer.asked.count("/keys") == 2
    assert issuer.asked.count("/.well-known/openid-configuration") == 1


def test_a_state_of_another_browser_opens_nothing(issuer: Issuer) -> None:
    make_user(Role.AGENT)
    one = Employee()
    query = parse_qs(urlsplit(way_back(one)).query)
    assert is_refused(one.get(f"{WAY_BACK}?code={query['code'][0]}&state=x")), "nor with all the rest in order"
    mine, theirs = Employee(), Employee()
    address = way_back(mine)
    way_back(theirs)
    assert is_refused(theirs.get(address))
    assert is_refused(Employee().get(address)), "nor without the cookie"


def test_a_code_works_once_and_not_for_long(issuer: Issuer) -> None:
    make_user(Role.AGENT)
    employee = Employee()
    address = way_back(employee)
    kept = employee.client.cookies["peilwijs-sso"]
    assert employee.get(address).status == 303
    again = Employee()
    again.client.cookies.set("peilwijs-sso", kept)
    assert again.get(address).status == 403
    late = Employee()
    address = way_back(late)
    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        assert late.get(address).status == 403


def test_another_verifier_opens_nothing(issuer: Issuer) -> None:
    make_user(Role.AGENT)
    employee = Employee()
    address = way_back(employee)
    state, nonce, _ = single_sign_on._signer().loads(employee.client.cookies["peilwijs-sso"])
    employee.client.cookies.clear()
    employee.client.cookies.set("peilwijs-sso", single_sign_on._signer().dumps([state, nonce, "x" * 43]))
    assert is_refused(employee.get(address))


def test_a_refusal_of_the_issuer_is_told(issuer: Issuer) -> None:
    employee = Employee()
    state = parse_qs(urlsplit(way_back(employee)).query)["state"][0]
    assert is_refused(employee.get(f"{WAY_BACK}?error=access_denied&state={state}"))
    assert "niet gelukt" in employee.text


def test_a_disabled_user_stays_out_also_when_linked(issuer: Issuer) -> None:
    user = make_user(Role.AGENT)
    assert come_in().status == 303
    with writing() as connection:
        users.disable(connection, "command", user.id)
    assert is_refused(come_in())
    issuer.claims["sub"] = "person-2"
    assert is_refused(come_in())


def test_nobody_takes_over_the_account_of_somebody_else(issuer: Issuer) -> None:
    user = make_user(Role.AGENT)
    assert come_in().status == 303
    issuer.claims["sub"] = "person-2"
    assert come_in().status == 403, "the address is linked to another person of the issuer"
    admin = signed_in_as(Role.ADMIN).get("/kantoor/beheer/gebruikers")
    assert "Werkaccount loskoppelen" in admin.text
    admin.post(f"/kantoor/beheer/gebruikers/{user.id}/forget-sso")
    assert come_in().status == 303


def test_users_are_never_made_by_signing_in(issuer: Issuer) -> None:
    assert is_refused(come_in())
    with reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(user_table)) == 0


@pytest.mark.parametrize(
    "discovery",
    [
        {"issuer": "https://another.example"},
        {"token_endpoint": "http://another.example/token"},
        {"jwks_uri": None},
    ],
)
def test_an_issuer_that_names_itself_otherwise_is_not_trusted(issuer: Issuer, discovery: dict[str, object]) -> None:
    issuer.discovery = discovery
    employee = Employee().get(WAY_OUT)
    assert (employee.status, "lukt nu niet" in employee.text) == (503, True)


def test_an_issuer_that_is_away_leaves_the_password(issuer: Issuer) -> None:
    make_user(Role.AGENT)
    employee = Employee()
    address = way_back(employee)
    issuer.stop()
    employee.get(address)
    assert (employee.status, "log in met uw wachtwoord" in employee.text) == (503, True)
    assert employee.give_password("agent@example.nl").status == 303


def test_the_way_back_never_follows_the_host_header(issuer: Issuer) -> None:
    employee = Employee()
    employee.client.headers["host"] = "kwaad.example"
    employee.get(WAY_OUT)
    query = parse_qs(urlsplit(employee.response.headers["location"]).query)
    assert query["redirect_uri"] == [settings().public_url + WAY_BACK]


def test_without_an_issuer_there_is_no_button_and_no_page(database: str) -> None:
    employee = Employee().get("/kantoor/inloggen")
    assert "werkaccount" not in employee.text
    assert [employee.get(path).status for path in (WAY_OUT, WAY_BACK)] == [404, 404]


def test_with_an_issuer_there_is_a_button(issuer: Issuer) -> None:
    assert f'href="{WAY_OUT}"' in Employee().get("/kantoor/inloggen").text
