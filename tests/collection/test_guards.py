"""What every response carries and what is refused at the door."""

import pytest

from tests.factories.cases import make_case
from tests.factories.respondent import Respondent
from tests.factories.stored import answers_of

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.parametrize("address", ["/code", "/gezond", "/nergens", "/v/onbekend", "/vragenlijst"])
def test_every_response_carries_the_security_headers(address: str) -> None:
    headers = Respondent().get(address).response.headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"


def test_a_form_from_another_site_is_refused() -> None:
    invited = make_case(service=6)
    someone = Respondent().open(invited.token).send()
    someone.send({"had_contact": "yes"}, **{"Sec-Fetch-Site": "cross-site"})
    assert someone.response.status_code == 403
    assert answers_of(invited.case_id) == {}


def test_a_form_with_a_foreign_origin_is_refused() -> None:
    invited = make_case(service=6)
    someone = Respondent().open(invited.token).send()
    someone.send({"had_contact": "yes"}, Origin="https://kwaad.example")
    assert someone.response.status_code == 403


def test_a_form_without_its_token_is_refused() -> None:
    invited = make_case(service=6)
    someone = Respondent().open(invited.token).send()
    someone.send({"had_contact": "yes", "token": "0" * 32})
    assert someone.response.status_code == 403
    assert answers_of(invited.case_id) == {}


def test_a_body_that_is_too_large_is_refused() -> None:
    invited = make_case(service=6)
    someone = Respondent().open(invited.token).send()
    someone.send({"had_contact": "x" * 100_000})
    assert someone.response.status_code == 413
    assert "te lang" in someone.text


def test_static_files_are_kept_for_a_year_and_only_under_their_own_hash() -> None:
    from app.web.static_files import address

    someone = Respondent().get(address("peilwijs.css"))
    assert "immutable" in someone.response.headers["cache-control"]
    assert someone.get("/static/000000000000/peilwijs.css").response.status_code == 404


def test_log_lines_hold_no_token_and_no_answer(caplog: pytest.LogCaptureFixture) -> None:
    import logging

    invited = make_case(service=6)
    someone = Respondent()
    logging.getLogger("peilwijs.web").propagate = True
    with caplog.at_level(logging.INFO, logger="peilwijs.web"):
        someone.open(invited.token).send().send({"had_contact": "no"})
    assert '"route": "/v/{token}"' in caplog.text
    assert invited.token not in caplog.text and str(invited.case_id) not in caplog.text
