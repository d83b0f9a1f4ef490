"""One verdict per record: what is required, who is a duplicate of whom, who is a self-reporter."""

from pathlib import Path

import pytest

from app.fieldwork.delivery.check import counts
from app.fieldwork.delivery.file import open_delivery
from app.fieldwork.delivery.reasons import Unreadable
from tests.factories.deliveries import ADDRESS, client, commissioner, judge, verdicts, write_csv

pytestmark = pytest.mark.usefixtures("var_folder")
ACCEPTED = ("accepted", "")


@pytest.mark.parametrize(
    ("cells", "verdict"),
    [
        ({}, ACCEPTED),
        ({"klantnummer": ""}, ACCEPTED),
        ({"achternaam": ""}, ACCEPTED),
        ({"dienst": ""}, ("rejected", "dienst")),
        ({"dienst": "14"}, ("rejected", "dienst")),
        ({"dienst": "0"}, ("rejected", "dienst")),
        ({"dienst": "1,5"}, ("rejected", "dienst")),
        ({"dienst": "08"}, ACCEPTED),
        ({"einddatum": ""}, ("rejected", "einddatum")),
        ({"einddatum": "onbekend"}, ("rejected", "einddatum")),
        ({"einddatum": "1-1-2024"}, ACCEPTED),
        ({"einddatum": "31-12-2023"}, ("rejected", "einddatum")),
        ({"einddatum": "1-1-2025"}, ("rejected", "einddatum")),
        ({"email": "geen"}, ("rejected", "email telefoon")),
        ({"email": "geen", "telefoon": "0612345678"}, ("rejected", "email")),
        ({"telefoon": "12"}, ("rejected", "telefoon")),
        ({"telefoon2": "12"}, ("rejected", "telefoon2")),
        ({"postcode": "12345"}, ("rejected", "postcode")),
        ({"taal": "Nederlands"}, ("rejected", "taal")),
        ({"vragenlijst": "moeilijk"}, ("rejected", "vragenlijst")),
        ({"telefonisch": "soms"}, ("rejected", "telefonisch")),
        ({"zelfmelder": "1"}, ("rejected", "zelfmelder")),
        ({"soort": "klant"}, ("rejected", "soort")),
        ({"soort": ""}, ACCEPTED),
        ({"klantnummer": "229498425"}, ("rejected", "klantnummer")),
        ({"leerprofiel": "x"}, ACCEPTED),  # only service 11 has learning profiles
        ({"achternaam": "x" * 201}, ("rejected", "achternaam")),
        ({"achternaam": "Jan\x07sen"}, ("rejected", "achternaam")),
        ({"achternaam": "nes\u202enaJ"}, ("rejected", "achternaam")),
        ({"straat": "Kerk\nstraat"}, ACCEPTED),
    ],
)  # fmt: skip
def test_a_client_row_is_judged_by_the_rules_of_its_columns(
    tmp_path: Path, cells: dict[str, str], verdict: tuple[str, str]
) -> None:
    assert verdicts(tmp_path, client(**cells)) == [verdict]


@pytest.mark.parametrize(
    ("cells", "verdict"),
    [
        ({"leerprofiel": "1"}, ACCEPTED),
        ({"leerprofiel": ""}, ("rejected", "leerprofiel")),
        ({"leerprofiel": "5"}, ("rejected", "leerprofiel")),
        ({"leerprofiel": "2", "einddatum": ""}, ACCEPTED),
        ({"leerprofiel": "2", "einddatum": "1-6-2025"}, ACCEPTED),
        ({"leerprofiel": "2", "einddatum": "31-12-2023"}, ("rejected", "einddatum")),
        ({"leerprofiel": "2", "einddatum": "onbekend"}, ("rejected", "einddatum")),
        ({"leerprofiel": "2", "vragenlijst": "anders"}, ACCEPTED),  # there is one questionnaire
    ],
)
def test_inburgering_needs_a_learning_profile_and_may_still_be_running(
    tmp_path: Path, cells: dict[str, str], verdict: tuple[str, str]
) -> None:
    assert verdicts(tmp_path, client(dienst="11", **cells)) == [verdict]


def test_every_reason_is_given_in_the_order_of_the_columns(tmp_path: Path) -> None:
    row = client(klantnummer="229498425", email="geen", postcode="x", dienst="99", einddatum="gisteren", taal="?")
    checked = judge(write_csv(tmp_path, [row]))[0].verdict
    assert checked.columns == ("klantnummer", "email", "telefoon", "postcode", "dienst", "einddatum", "taal")
    sentences = [reason.text() for reason in checked.reasons]
    assert any("«geen»" in sentence for sentence in sentences)
    assert not any("229498425" in sentence for sentence in sentences)


@pytest.mark.parametrize(
    ("cells", "verdict"),
    [
        ({}, ("rejected", "email telefoon")),
        ({"telefoon": "0612345678"}, ACCEPTED),
        ({"telefoon2": "0612345678"}, ACCEPTED),
        (ADDRESS, ACCEPTED),
        (ADDRESS | {"plaats": ""}, ("rejected", "email telefoon")),
        (ADDRESS | {"achternaam": ""}, ("rejected", "achternaam email telefoon")),
        (ADDRESS | {"postcode": "x"}, ("rejected", "email telefoon postcode")),
    ],
)
def test_a_row_needs_one_way_to_reach_the_person(
    tmp_path: Path, cells: dict[str, str], verdict: tuple[str, str]
) -> None:
    assert verdicts(tmp_path, client(email="", **cells)) == [verdict]


def test_a_commissioner_needs_no_service_and_no_end_date(tmp_path: Path) -> None:
    rows = [commissioner(), commissioner(dienst="x", einddatum="y", leerprofiel="z", zelfmelder="?"),
            commissioner(email="")]  # fmt: skip
    assert verdicts(tmp_path, *rows) == [ACCEPTED, ACCEPTED, ("rejected", "email telefoon")]


def test_duplicates_share_a_reference_an_address_or_a_household(tmp_path: Path) -> None:
    house = {"achternaam": "De Vries", "postcode": "3511 AB", "huisnummer": "12"}
    checked = judge(write_csv(tmp_path, [
        client(klantnummer="A1", email="een@voorbeeld.nl", **house),
        client(klantnummer="A1"),
        client(klantnummer="A2", email=" EEN@Voorbeeld.nl "),
        client(klantnummer="A3", achternaam="DE  VRIES", postcode="3511ab", huisnummer="12"),
        client(klantnummer="A4", dienst="8", **house),
        client(klantnummer="a1"),
    ]))  # fmt: skip
    found = [(one.verdict.verdict, " ".join(one.verdict.columns)) for one in checked]
    assert found == [ACCEPTED, ("duplicate", "klantnummer"), ("duplicate", "email"),
                     ("duplicate", "achternaam huisnummer postcode dienst"), ACCEPTED, ACCEPTED]  # fmt: skip
    assert all("regel 2" in one.verdict.reasons[0].text() for one in checked[1:4])


def test_a_row_is_a_duplicate_of_an_accepted_row_only(tmp_path: Path) -> None:
    rows = [
        client(klantnummer="A1", email="een@voorbeeld.nl", dienst="99"),
        client(klantnummer="A1", email="een@voorbeeld.nl"),
        client(klantnummer="A1", email="twee@voorbeeld.nl"),
        client(klantnummer="A2", email="twee@voorbeeld.nl"),
    ]
    assert verdicts(tmp_path, *rows) == [("rejected", "dienst"), ACCEPTED, ("duplicate", "klantnummer"), ACCEPTED]


def test_a_faulty_duplicate_is_rejected(tmp_path: Path) -> None:
    rows = [client(klantnummer="A1"), client(klantnummer="A1", dienst="99")]
    assert verdicts(tmp_path, *rows) == [ACCEPTED, ("rejected", "dienst")]


def test_a_commissioner_in_the_client_list_is_a_self_reporter_wherever_the_rows_stand(tmp_path: Path) -> None:
    found = verdicts(
        tmp_path,
        commissioner(email="ZELF@voorbeeld.nl"),
        client(email="zelf@voorbeeld.nl"),
        client(zelfmelder="ja", telefoon="06 12345678"),
        commissioner(telefoon="+31612345678"),
        client(zelfmelder="nee", telefoon="06 87654321"),
        commissioner(telefoon="06 87654321"),
        commissioner(email="zelf@voorbeeld.nl", postcode="x"),
    )
    assert found == [("self_reporter", "email"), ACCEPTED, ACCEPTED, ("self_reporter", "zelfmelder"), ACCEPTED,
                     ACCEPTED, ("rejected", "postcode")]  # fmt: skip


def test_commissioners_are_duplicates_of_one_another_by_reference_or_address(tmp_path: Path) -> None:
    first = commissioner()
    rows = [first, commissioner(email=first["email"]), commissioner(klantnummer=first["klantnummer"])]
    assert verdicts(tmp_path, *rows) == [ACCEPTED, ("duplicate", "email"), ("duplicate", "klantnummer")]


def test_records_keep_their_numbers_over_line_breaks_and_empty_records(tmp_path: Path) -> None:
    path = tmp_path / "delivery.csv"
    path.write_text(
        'klantnummer;email;dienst;einddatum;straat\nA1;a@b.nl;9;1-1-2024;"Kerk\nstraat"\n\n;;;;\nA2;c@b.nl;9;x;\n'
    )
    assert [(one.verdict.row, one.verdict.verdict) for one in judge(path)] == [(2, "accepted"), (5, "rejected")]


def test_a_row_with_more_cells_than_columns_is_rejected_and_a_shorter_one_is_read(tmp_path: Path) -> None:
    path = tmp_path / "delivery.csv"
    path.write_text("email;dienst;einddatum;taal\na@b.nl;9;1-1-2024\nc@b.nl;9;1-1-2024;nl;;\nd@b.nl;9;1-1-2024;nl;;x\n")
    assert [one.verdict.verdict for one in judge(path)] == ["accepted", "accepted", "rejected"]


def test_every_record_is_counted_once(tmp_path: Path) -> None:
    checked = judge(write_csv(tmp_path, [client(), client(dienst="99"), commissioner()]))
    assert counts([one.verdict for one in checked]) == {
        "accepted": 2, "rejected": 1, "duplicate": 0, "self_reporter": 0
    }  # fmt: skip


def test_a_file_without_records_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "delivery.csv"
    path.write_text("email;dienst\n;\n\n")
    with pytest.raises(Unreadable, match="geen regels"):
        judge(open_delivery(path))
