"""Guards that stand behind another guard, so that only a test of their own sees them go."""

from threading import Barrier, Thread

import pyotp
import pytest
from itsdangerous import URLSafeTimedSerializer

from app import clock
from app.accounts import second_factor, sessions
from app.accounts.tables import user_table
from app.channels.mail_form import Unmailable, header_text
from app.database import writing
from app.web.access import Role
from tests.factories.cases import make_case
from tests.factories.office import SECRET, make_user
from tests.factories.respondent import Respondent


def test_a_used_time_step_fits_no_code() -> None:
    code = pyotp.TOTP(SECRET).now()
    step = second_factor.fitting_step(SECRET, code, 0)
    assert step is not None
    assert second_factor.fitting_step(SECRET, code, step) is None
    assert second_factor.fitting_step(SECRET, code, step + 1) is None


def test_of_two_requests_with_one_code_one_comes_in(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    user = make_user(Role.RESEARCHER)
    step = int(clock.now().timestamp()) // second_factor.STEP_SECONDS
    both_know, came_in = Barrier(2), []
    # both have read the account before either writes: on SQLite they take turns, on PostgreSQL they may not
    monkeypatch.setattr(second_factor, "fitting_step", lambda *_: step)

    def come_in() -> None:
        both_know.wait(10)
        with writing() as connection:
            came_in.append(second_factor.accept(connection, user.id, "123456"))

    crowd = [Thread(target=come_in) for _ in range(2)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert sorted(came_in) == [False, True]


def test_a_session_of_a_disabled_user_opens_nothing_although_it_is_there(database: str) -> None:
    user = make_user(Role.AGENT)
    with writing() as connection:
        key = sessions.start(connection, user.id, "Firefox, Linux", is_complete=True)
        assert sessions.find(connection, key) is not None
        connection.execute(user_table.update().values(disabled_at=clock.now()))
        assert sessions.find(connection, key) is None


def test_a_cookie_that_another_key_signed_opens_nothing(database: str) -> None:
    invited = make_case()
    someone = Respondent()
    someone.client.cookies.set("peilwijs", URLSafeTimedSerializer("known", salt="visitor").dumps([invited.case_id, 1]))
    assert someone.get("/vragenlijst").response.status_code == 401


@pytest.mark.parametrize("text", ["a\nb", "a\rb", "a\x00b", "a\u2028b", "a\x85b", "=?utf-8?q?Bcc?=", "x =?u?B?aGE=?="])
def test_no_control_character_nor_encoded_word_stands_in_a_header(text: str) -> None:
    with pytest.raises(Unmailable):
        header_text(text)
