"""Walking in the preview: the real pages to the end, and nothing that stays behind."""

from typing import Any

import pytest
import sqlalchemy as sa

from app.database import reading
from app.preview.setup import LOOK, START, Setup, names
from tests.factories.respondent import Respondent
from tests.surroundings.environment import SECRET, Environment


@pytest.fixture(autouse=True)
def demo(database: str, tmp_path: Any) -> Any:
    """The office is open in the demo."""
    with Environment(
        PEILWIJS_VAR_FOLDER=str(tmp_path),
        PEILWIJS_DATABASE_URL=database,
        PEILWIJS_SECRET_KEY=SECRET,
        PEILWIJS_IS_DEMO="true",
    ):
        yield


class Researcher(Respondent):
    """Tries a questionnaire: posts the respondent's form, follows the links that are buttons here."""

    def form(self) -> Any:
        return self.tree.find(".//main//form")

    def look(self, **query: Any) -> "Researcher":
        self.response = self.client.get(LOOK, params=query)
        return self

    @property
    def here(self) -> str:
        """The question or page on screen, as its own address says."""
        columns = next(e for e in self.tree.iter("div") if e.get("data-address"))
        return str(columns.get("data-address")).rpartition("&")[2]

    def press(self, words: str) -> "Researcher":
        """Presses a button that was a link."""
        buttons = [b for b in self.tree.iter("button") if words in "".join(b.itertext()) and b.get("formaction")]
        carrier = next(f for f in self.tree.iter("form") if f.get("id") == buttons[0].get("form"))
        fields = {i.get("name"): i.get("value") for i in carrier.iter("input")}
        self.response = self.client.post(buttons[0].get("formaction"), data=fields)
        return self

    def jump(self, to: str) -> "Researcher":
        form = next(f for f in self.tree.iter("form") if f.get("action") == f"{START}/naar")
        fields = {i.get("name"): i.get("value") for i in form.iter("input")}
        self.response = self.client.post(f"{START}/naar", data=fields | {"vraag": to})
        return self

    def walk_to_the_end(self, most: int = 150) -> list[str]:
        """Answers whatever is asked until the closing page; the pages on the way."""
        seen = [self.here]
        while self.here != "pagina=bedankt" and len(seen) < most:
            assert self.response.status_code == 200, (seen, self.response.status_code)
            if "Ja, ga verder" in self.text:
                self.press("Ja, ga verder")
            else:
                self.answer_anything()
            seen.append(self.here)
        return seen


def contents() -> dict[str, list[Any]]:
    """Every row of every table."""
    with reading() as connection:
        tables = sa.inspect(connection).get_table_names()
        return {name: sorted(map(repr, connection.exec_driver_sql(f'SELECT * FROM "{name}"'))) for name in tables}


def every_setup() -> list[Setup]:
    """Each questionnaire in each wording, for its first, a middle and its last service; once over the telephone."""
    found = []
    for name in names():
        definition = Setup(name).definition
        services = definition.texts.services or (None,)
        some = dict.fromkeys((services[0], services[len(services) // 2], services[-1]))
        for wording in definition.wordings:
            found += [Setup(name).but(wording=wording, service=service) for service in some]
            found.append(Setup(name).but(wording=wording, service=services[0], mode="phone"))
    return found


def test_every_questionnaire_is_walked_to_the_end_and_leaves_nothing(database: str) -> None:
    before = contents()
    assert len(before) > 5
    # Which database it is makes no difference to the way: on the other one a single walk shows that nothing stays.
    for setup in every_setup()[: None if database.startswith("sqlite") else 1]:
        someone = Researcher().get(setup.address())
        seen = someone.walk_to_the_end()
        assert seen[-1] == "pagina=bedankt", (setup, seen)
        assert not someone.client.cookies
    assert contents() == before


def test_no_answer_stands_in_an_address() -> None:
    someone = Researcher().look(vragenlijst="opdrachtgevers", vraag="remarks")
    someone.send({"remarks": "mijn geheim"})
    assert "mijn geheim" in someone.text
    addresses = [e.get(name) or "" for e in someone.tree.iter() for name in ("href", "action", "formaction", "src")]
    addresses += [e.get("data-address") or "" for e in someone.tree.iter()]
    assert not any("geheim" in address for address in addresses)


def test_the_pages_are_those_of_a_respondent() -> None:
    someone = Researcher().look(vragenlijst="arbeid-2022", woorden="regular", dienst=6, vraag="had_contact")
    someone.send({}, action="next")
    assert someone.response.status_code == 422
    assert "fouten" in someone.text
    someone.send({}, action="skip")
    assert someone.here == "vraag=expectation"
    someone.send({}, action="previous")
    assert someone.here == "vraag=had_contact"
    someone.send({"had_contact": "yes"})
    assert someone.here == "vraag=contact_frequency"
    someone.send({}, action="stop")
    assert someone.here == "pagina=gestopt"


def test_a_change_from_the_overview_leads_back_to_it() -> None:
    someone = Researcher().look(vragenlijst="inburgeren", pagina="overzicht")
    assert someone.here == "pagina=overzicht"
    someone.press("Wijzig")
    assert someone.here == "vraag=following_now"
    someone.send({"following_now": "no"})
    assert someone.here == "pagina=overzicht"


def test_a_jump_keeps_answers_and_a_refused_one_stays_where_it_was() -> None:
    someone = Researcher().look(vragenlijst="arbeid-2022", woorden="regular", dienst=6, vraag="had_contact")
    someone.send({"had_contact": "no"}).jump("complaint_solved")
    assert someone.here == "vraag=complaint_solved"
    assert "Had u een klacht over" in someone.text
    someone.jump("training_form")
    assert someone.here == "vraag=complaint_solved"
    assert "wordt bij deze dienst nooit gesteld" in someone.text
    assert "service == 1" in someone.text


def test_the_list_stands_at_the_question_that_was_jumped_to() -> None:
    someone = Researcher().look(vragenlijst="arbeid-2022", woorden="regular", dienst=6, vraag="contact_ways")
    assert 'name="contact_frequency"' in someone.text
    chosen = [e.get("value") for e in someone.tree.iter("option") if e.get("selected") is not None]
    assert chosen == ["contact_ways"]
    assert someone.here == "vraag=contact_ways"


def test_over_the_telephone_there_is_a_script_and_an_instruction_beside_each_question() -> None:
    someone = Researcher().look(vragenlijst="arbeid-2022", dienst=6, wijze="phone")
    script = Setup("arbeid-2022").definition.texts.phone.introduction
    assert script[-1] in someone.text
    someone.send()
    assert "Voor de enquêteur" in someone.text
    someone.look(vragenlijst="arbeid-2022", dienst=6, wijze="web", vraag="had_contact")
    assert "Voor de enquêteur" not in someone.text


def test_practising_comes_first_on_easy_pages_and_shows_what_was_chosen() -> None:
    someone = Researcher().look(vragenlijst="inburgeren").press("Eerst oefenen")
    assert someone.here == "pagina=oefenen"
    assert someone.send().response.status_code == 422
    someone.send({"oefening": "rain"})
    assert "Goed zo!" in someone.text
    someone.send()
    assert someone.here == "vraag=following_now"


def test_another_language_keeps_place_and_answers_and_brings_the_easy_words() -> None:
    someone = Researcher().look(vragenlijst="arbeid-2022", woorden="regular", dienst=6, vraag="had_contact")
    someone.send({"had_contact": "no", "taal": "ar"})
    assert someone.here == "vraag=had_contact"
    assert 'lang="ar" dir="rtl"' in someone.text
    assert "makkelijke woorden" in someone.text
    assert [e.get("value") for e in someone.form().iter("input") if e.get("checked") is not None] == ["no"]
    someone.send({"taal": "nl"})
    assert "gewone woorden" in someone.text


def test_help_leads_back_and_nobody_is_called() -> None:
    someone = Researcher().look(vragenlijst="inburgeren", vraag="grade")
    someone.send({"grade": "7"}, action="help")
    assert someone.here == "pagina=hulp"
    someone.send(action="bel")
    assert "doet niets in een voorbeeld" in someone.text
    someone.press("Terug naar de vragen")
    assert someone.here == "vraag=grade"
    assert someone.filled_in()["grade"] == ["7"]


def test_a_forged_state_is_refused() -> None:
    someone = Researcher().look(vragenlijst="inburgeren", vraag="grade")
    fields = someone.filled_in() | {"stand": ["W10.x"]}
    assert someone.client.post(someone.form().get("action"), data=fields).status_code == 400


def test_a_step_opened_as_an_address_leads_to_the_start() -> None:
    someone = Researcher().get(f"{START}/stap/vragenlijst/grade")
    assert someone.path == START


@pytest.mark.parametrize("query", ["", "?vragenlijst=inburgeren", "?dienst=99&taal=xx&woorden=q&wijze=fax&profiel=a"])
def test_the_start_page_makes_the_best_of_its_address(query: str) -> None:
    assert Researcher().get(START + query).response.status_code == 200


def test_an_unknown_questionnaire_is_not_found() -> None:
    assert Researcher().get(f"{LOOK}?vragenlijst=../x").response.status_code == 404


def test_the_diagram_and_the_codebook_are_at_hand() -> None:
    someone = Researcher().get(f"{START}/routeschema/arbeid-2022/regular?dienst=3")
    drawing = next(
        e.get("src") for e in someone.tree.iter("img") if "svg" in e.get("src", "") and START in e.get("src")
    )
    assert drawing.endswith("/3.svg")
    assert someone.client.get(drawing).headers["content-type"].startswith("image/svg")
    assert someone.client.get(f"{START}/codeboek/arbeid-2022.xlsx").content[:2] == b"PK"
