"""Waves and providers over HTTP, without JavaScript."""

import html
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.audit.tables import AuditEntry
from app.clock import now, today
from app.database import reading, writing
from app.fieldwork.tables import Message, Participation, Provider, Wave
from app.web.access import Role
from tests.factories.fieldwork import make_cases, make_provider, make_wave
from tests.factories.office import Employee, signed_in_as

SETTINGS = "/kantoor/golven/2024/instellingen"
_wave, _message, _entry = Wave.__table__, Message.__table__, AuditEntry.__table__  # type: ignore[attr-defined]
_participation, _provider = Participation.__table__, Provider.__table__  # type: ignore[attr-defined]


@pytest.fixture
def researcher(database: str) -> Employee:
    return signed_in_as(Role.RESEARCHER)


def filled_in(who: Employee) -> dict[str, str]:
    """What a browser would send of the form as it stands."""
    form = re.search(r'<form method="post" class="(?:stack wide|way-links)".*?</form>', who.text, re.DOTALL)
    assert form
    values = {}
    for tag in re.findall(r"<input[^>]*>", form[0]):
        given = {name: html.unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}
        if given.get("type") != "checkbox" or " checked" in tag:
            values[given["name"]] = given.get("value", "")
    for name, options in re.findall(r'<select id="[^"]*" name="([^"]*)".*?>(.*?)</select>', form[0], re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        assert chosen
        values[name] = chosen[1]
    return values


def post(who: Employee, address: str, **changes: str) -> Employee:
    """Opens the form, changes some fields and sends it; an empty text means a box without a mark."""
    values = filled_in(who.get(address)) | changes
    who.response = who.client.post(address, data=values)
    return who


def agree(who: Employee) -> Employee:
    who.response = who.client.post(SETTINGS, data=filled_in(who))
    return who


def stored(label: str = "2024") -> Any:
    with reading() as connection:
        return connection.execute(sa.select(_wave).where(_wave.c.label == label)).one()


def actions() -> list[str]:
    with reading() as connection:
        found = connection.scalars(sa.select(_entry.c.action).order_by(_entry.c.number))
        return [action for action in found if not action.startswith("user.")]


def queue(case_ids: list[int], step: str = "7-email-reminder") -> None:
    channel, kind = step.split("-")[1:]
    row = {"step": step, "channel": channel, "kind": kind, "state": "queued", "n_attempts": 0}
    with writing() as connection:
        due_at = now() + timedelta(days=7)
        rows = [row | {"case_id": one, "due_at": due_at, "message_id": f"{one}-{step}@x"} for one in case_ids]
        connection.execute(sa.insert(_message), rows)


def n_queued() -> int:
    with reading() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(_message)) or 0


def test_a_wave_is_made_from_nothing_with_the_shipped_rules(researcher: Employee) -> None:
    assert "Maak een meetperiode" in researcher.get("/kantoor/golven").words
    post(researcher, "/kantoor/nieuwe-meetperiode", label="2026", fieldwork_ends_on="2027-03-31").follow()
    assert "2026: 0 dienstverleners" in researcher.words
    made = stored("2026")
    assert made.rules["scheme"]["clients"][0]["kind"] == "invitation"
    assert len(made.rules["services"]) == 13
    assert made.fieldwork_ends_on == date(2027, 3, 31)
    assert "wave.made" in actions()


def test_the_form_sent_back_untouched_changes_nothing(researcher: Employee) -> None:
    make_wave(rules={"max_sample": {"9": 40}})
    before = stored()
    post(researcher, SETTINGS)
    assert researcher.response.headers["location"] == "/kantoor/golven/2024"
    assert stored() == before
    assert "wave.changed" not in actions()


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("label", "", "Gebruik 1 tot 40 letters"),
        ("label", "a/b", "Gebruik 1 tot 40 letters"),
        ("starts_on", "morgen", "Vul een datum in"),
        ("ends_on", "2020-01-01", "Deze dag ligt voor de eerste dag"),
        ("fieldwork_ends_on", "31-02-2024", "Vul een datum in"),
        ("phone_quota", "veel", "Vul een heel getal in van 0 tot en met 100000."),
        ("retention_days", "0", "Vul een heel getal in van 1 tot en met 3650."),
        ("max-9", "0", "Vul een heel getal in van 1"),
        ("clients-0-day", "400", "Vul een heel getal in van 0 tot en met 365."),
        ("clients-0-channel", "duif", "Kies een van de mogelijkheden"),
        ("clients-0-kind", "reminder", "De eerste stap moet een uitnodiging zijn"),
        ("norm-clients-0-min_pct", "140", "Vul een getal in van 0 tot en met 100"),
        ("norm-clients-0-net_max", "20", "Laat bij de laatste regel het hoogste aantal leeg"),
        ("keurmerk-total_min", "NaN", "Vul een getal in van 1 tot en met 10"),
        ("q-clients", "../../etc", "Kies een van de mogelijkheden"),
    ],
)
def test_a_mistake_is_told_above_and_beside_its_field(
    field: str, text: str, sentence: str, researcher: Employee
) -> None:
    make_wave()
    before = stored()
    post(researcher, SETTINGS, **{field: text})
    assert researcher.status == 422
    assert researcher.text.count(f'id="e-{field}"') == 1
    assert f'href="#{field}"' in researcher.text
    assert f'id="{field}"' in researcher.text
    assert researcher.words.count(sentence) == 2
    assert "<title>Fout:" in researcher.text
    assert stored() == before


def test_a_wave_that_has_nobody_yet_changes_at_once(researcher: Employee) -> None:
    make_wave()
    post(researcher, SETTINGS, **{"max-9": "25", "norm-clients-0-min_pct": "42,5", "service-13": ""})
    assert researcher.status == 303
    rules = stored().rules
    assert (rules["max_sample"], rules["response_norm"]["clients"][0]["min_pct"]) == ({"9": 25}, "42.5")
    assert "13" not in rules["services"]
    assert actions()[-1] == "wave.changed"


def test_a_running_wave_says_first_how_many_reminders_fall_away(researcher: Employee) -> None:
    cases = make_cases(12)
    queue(cases)
    before = stored()
    post(researcher, SETTINGS, **{"clients-2-day": ""})
    assert "12 berichten die al klaarstaan vervallen." in researcher.words
    assert (stored(), n_queued()) == (before, 12)
    agree(researcher)
    assert researcher.status == 303
    assert n_queued() == 0
    assert [step["day"] for step in stored().rules["scheme"]["clients"]] == [0, 0, 14, 21]


def test_without_letters_only_queued_letters_fall_away(researcher: Employee) -> None:
    cases = make_cases(3)
    queue(cases), queue(cases[:2], "14-letter-reminder")
    values = filled_in(researcher.get(SETTINGS))
    del values["sends_letters"]
    researcher.response = researcher.client.post(SETTINGS, data=values)
    assert "Er gaan geen brieven meer uit. 2 berichten die al klaarstaan vervallen." in researcher.words
    agree(researcher)
    assert n_queued() == 3


def test_an_earlier_end_says_how_many_links_close(researcher: Employee) -> None:
    queue(make_cases(34))
    earlier = today() + timedelta(days=2)
    post(researcher, SETTINGS, fieldwork_ends_on=earlier.isoformat())
    assert "gaan 34 links dicht." in researcher.words
    assert "34 berichten die voor later klaarstaan, gaan niet meer uit." in researcher.words
    post(researcher, SETTINGS, fieldwork_ends_on="2025-01-01")
    assert "Invullen stopt nu: 34 links gaan meteen dicht." in researcher.words


def test_another_norm_says_for_how_many_services(researcher: Employee) -> None:
    make_cases(5), make_cases(2, service=3), make_cases(30, provider="Ander", service=3)
    norm = {"norm-clients-0-net_max": "10", "norm-clients-0-min_pct": "50"}
    norm |= {"norm-clients-1-min_pct": "40", "norm-clients-1-min_completed": "1"}
    post(researcher, SETTINGS, **norm)
    assert "De responsnorm verandert voor 2 diensten van dienstverleners." in researcher.words


def test_a_service_with_people_cannot_be_taken_out(researcher: Employee) -> None:
    make_cases(3)
    post(researcher, SETTINGS, **{"service-9": ""})
    assert researcher.status == 422
    assert "Deze dienst heeft al 3 mensen." in researcher.words


def test_who_agreed_to_something_else_is_asked_again(researcher: Employee) -> None:
    cases = make_cases(4)
    queue(cases[:1])
    post(researcher, SETTINGS, **{"clients-2-day": ""})
    queue(cases[1:])
    agree(researcher)
    assert researcher.status == 409
    assert "4 berichten die al klaarstaan vervallen." in researcher.words
    assert n_queued() == 4
    assert agree(researcher).status == 303


def test_back_to_the_form_keeps_what_was_typed(researcher: Employee) -> None:
    make_cases(1)
    post(researcher, SETTINGS, phone_quota="77")
    researcher.response = researcher.client.post(SETTINGS, data=filled_in(researcher) | {"wijzig": "ja"})
    assert filled_in(researcher)["phone_quota"] == "77"
    assert stored().rules["phone_quota"] == 50


def test_two_waves_never_get_the_same_name(researcher: Employee) -> None:
    make_wave(), make_wave("2025")
    assert post(researcher, SETTINGS, label="2025").status == 422
    assert post(researcher, "/kantoor/nieuwe-meetperiode", label="2024").status == 422
    assert "Er is al een meetperiode die zo heet." in researcher.words


def test_a_wave_is_paused_and_goes_on(researcher: Employee) -> None:
    make_wave()
    researcher.get(SETTINGS).post("/kantoor/golven/2024/pauze", stand="aan").follow()
    assert "2024: gepauzeerd" in researcher.words
    assert stored().paused_at is not None
    researcher.post("/kantoor/golven/2024/pauze", stand="uit").follow()
    assert stored().paused_at is None
    assert actions() == ["wave.paused", "wave.resumed"]


def test_a_known_and_a_new_provider_take_part_with_their_telephone_option(researcher: Employee) -> None:
    make_wave(), make_provider()
    address = "/kantoor/golven/2024/deelnemers"
    researcher.get(address).post(address, dienstverlener="werkpad", bellen="part").follow()
    researcher.post(address, naam="Stap Vooruit", bellen="all").follow()
    researcher.post(address, dienstverlener="werkpad", bellen="none").follow()
    with reading() as connection:
        rows = connection.execute(
            sa.select(_provider.c.slug, _participation.c.phone_option)
            .join(_provider, _provider.c.id == _participation.c.provider_id)
            .order_by(_provider.c.slug)
        ).all()
    assert [tuple(row) for row in rows] == [("stap-vooruit", "all"), ("werkpad", "none")]


@pytest.mark.parametrize("fields", [{}, {"dienstverlener": "niemand"}, {"naam": "Werkpad"}, {"naam": "!!"},
                                    {"naam": "Weg\twijzer"},
                                    {"dienstverlener": "werkpad", "bellen": "soms"}])  # fmt: skip
def test_who_cannot_take_part_is_told_why(fields: dict[str, str], researcher: Employee) -> None:
    make_wave(), make_provider()
    address = "/kantoor/golven/2024/deelnemers"
    assert researcher.get(address).post(address, **fields).status == 422
    assert 'role="alert"' in researcher.text


def test_a_provider_gets_another_name_and_keeps_its_slug(researcher: Employee) -> None:
    make_provider()
    researcher.get("/kantoor/dienstverleners").post("/kantoor/dienstverleners", slug="werkpad", naam="Werkpad Noord")
    assert "Werkpad Noord" in researcher.follow().text
    assert "<code>werkpad</code>" in researcher.text
    assert researcher.post("/kantoor/dienstverleners", naam="Werkpad").status == 422
    assert actions() == ["provider.renamed"]


def test_day_zero_makes_a_wave_a_running_one(researcher: Employee) -> None:
    make_wave()
    with writing() as connection:
        connection.execute(sa.update(_wave).values(invited_at=datetime(2026, 1, 5, tzinfo=UTC)))
    assert "2024: loopt" in researcher.get(SETTINGS).words
    assert "Dit gaat er gebeuren" in post(researcher, SETTINGS, retention_days="30").words
