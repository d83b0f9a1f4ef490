"""The report of made-up people who walked through their questionnaires: everything in it is from the data."""

from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.database import reading, writing
from app.fieldwork.tables import Case, Participation
from app.reports.composition import compose
from app.reports.document import Chart, Document, Edition, Table
from app.reports.front import GOOD, NEAREST, front_of
from app.reports.gathering import gather
from app.reports.html import report_html
from app.reports.material import Material
from app.reports.pdf import report_pdf
from app.results.figures.front_page import Aspect, FrontPage
from app.results.screening.answers import decide, open_answers
from app.simulation.simulate import plan, simulate
from tests.factories.cases import make_case, make_participation
from tests.factories.reports import material
from tests.factories.responses import bring_in, cells, write_csv

WAVE, SLUG = "2026", "werkpad"


def gathered(provider: str = SLUG) -> Material:
    with reading() as connection:
        return gather(connection, WAVE, provider, made_on=date(2026, 12, 1))


def made(provider: str = SLUG) -> Document:
    return compose(gathered(provider))


def cells_of(document: Document, caption: str) -> list[tuple[str, ...]]:
    tables = [b for chapter in document.chapters for b in chapter.blocks if isinstance(b, Table)]
    return [row.cells for table in tables if table.caption == caption for row in table.rows]


@pytest.fixture
def simulated(database: str) -> int:
    participation_id = make_participation(WAVE, "Werkpad")
    for service in (1, 9, 11):
        for _ in range(5):
            make_case(participation_id, service=service, province="Utrecht")
    for _ in range(3):
        make_case(participation_id, kind="commissioner", service=None)
    make_case(participation_id, disposition="undeliverable")
    other = make_participation(WAVE, "Elders")
    for _ in range(4):
        make_case(other, service=1)
    simulate(plan(WAVE, 7).invitees, 1.0, quality=0.8)
    return participation_id


def test_a_simulated_wave_gives_a_whole_report(simulated: int) -> None:
    given = gathered()
    document = compose(given)
    titles = [chapter.title for chapter in document.chapters]
    assert titles[:5] == [
        "Inleiding", "Hoe wij het onderzoek deden", "Zo leest u de figuren", "Wat cliënten vinden",
        "Wat cursisten vinden",
    ]  # fmt: skip
    assert given.n_providers == 2
    assert given.clients.n_cases == 16
    assert given.clients.n_net == given.table.total.net_sample == 15
    assert ("Op geen enkele manier te bereiken", "1", "0") in cells_of(
        document, "Van aangeleverde gegevens naar respons"
    )
    rows = cells_of(document, "Resultaten voor het keurmerk")
    assert rows[0][0] == "Cliënten"
    assert [row[0] for row in rows if row[0].startswith("Totaal")] == ["Totaal", "Totaal opdrachtgevers"]
    assert document.front.provinces == {"Utrecht": 15}
    assert document.front.mean == given.table.total.grade
    charts = list(document.charts())
    assert {chart.figure.kind for chart in charts} >= {"grade", "grade_distribution", "satisfaction"}
    html = report_html(document, Edition())
    assert report_pdf(document, Edition()).startswith(b"%PDF")
    assert "Werkpad" in html
    assert "Elders" not in html


def test_the_same_data_give_the_same_report_and_its_questions_stand_under_their_blocks(simulated: int) -> None:
    assert made() == made()
    clients = next(chapter for chapter in made().chapters if chapter.title == "Wat cliënten vinden")
    headings = [block.text for block in clients.blocks if not isinstance(block, Chart) and block.kind == "heading"]
    assert headings[:2] == ["Over de begeleiding", "Uw contact met Werkpad"]


def test_only_released_words_reach_a_report(database: str, tmp_path: Path) -> None:
    make_participation(WAVE, "Werkpad")
    rows = [cells(case_ref=f"C{n}", remarks=f"Geheim {n}") for n in range(6)]
    bring_in(write_csv(tmp_path / "responses.csv", *rows), wave=WAVE)
    assert "Geheim" not in report_html(made(), Edition())
    with writing() as connection:
        for one in open_answers(connection, WAVE, SLUG):
            is_one = one.text.endswith("3")
            decide(connection, "user:1", one, one.hash, {1} if is_one else (), is_released=is_one)
    html = report_html(made(), Edition())
    assert "Geheim […]" in html
    assert html.count("Geheim") == 1


def test_the_phone_option_and_learning_profiles_are_read_from_the_participation(database: str) -> None:
    participation_id = make_participation(WAVE, "Werkpad")
    make_case(participation_id, service=11, learning_profile=1)
    with writing() as connection:
        connection.execute(sa.update(Participation.__table__).values(phone_option="part"))
    assert gathered().phone_option == "part"
    assert gathered().n_phoned_by_profile == 1
    with writing() as connection:
        connection.execute(sa.update(Case.__table__).values(disposition="undeliverable"))
    assert gathered().n_phoned_by_profile == 0


def test_a_provider_without_any_case_has_a_report_that_says_so(database: str) -> None:
    make_participation(WAVE, "Werkpad")
    html = report_html(made(), Edition())
    assert "nog niemand uitgenodigd" in html
    assert report_pdf(made(), Edition())


def test_being_below_the_mean_everywhere_is_not_called_good() -> None:
    from fractions import Fraction

    def said(share: int) -> str:
        aspect = Aspect("x", "Vraag?", Fraction(share), Fraction(80))
        page = FrontPage({}, 0, None, 0, None, (aspect,))
        return front_of(page, material().table, has_benchmark=True).good_title

    assert (said(81), said(80), said(70)) == (GOOD, GOOD, NEAREST)
    page = FrontPage({}, 0, Fraction(8), 1, None, (Aspect("x", "Vraag?", Fraction(90), Fraction(90)),))
    alone = front_of(page, material().table, has_benchmark=False)
    assert (alone.good, alone.good_title, alone.mean) == ((), "", "8,0")
    assert alone.mean_says == "Het rapportcijfer dat één persoon gaf."
