"""Made-up deliveries: everybody is accepted, and the faults put in are all found."""

from collections import Counter
from datetime import date
from pathlib import Path
from random import Random

from app.simulation.people import Caseload, client, commissioner, with_faults, write_delivery
from tests.factories.deliveries import judge

CASELOAD = Caseload((1, 3, 11), date(2024, 1, 1), date(2024, 12, 31))


def test_every_made_up_person_passes_the_delivery_check(tmp_path: Path) -> None:
    random = Random(1)
    rows = [client(random, number, CASELOAD) for number in range(400)]
    rows += [commissioner(random, number, "Gemeente") for number in range(20)]
    write_delivery(tmp_path / "people.csv", rows)
    judged = judge(tmp_path / "people.csv")
    assert Counter(one.verdict.verdict for one in judged) == {"accepted": 420}
    assert {one.case.wording for one in judged} == {"regular", "low_threshold", None}


def test_the_faults_put_in_are_found(tmp_path: Path) -> None:
    random = Random(1)
    write_delivery(
        tmp_path / "people.csv", with_faults(random, [client(random, number, CASELOAD) for number in range(30)])
    )
    judged = [one.verdict for one in judge(tmp_path / "people.csv")]
    assert Counter(verdict.verdict for verdict in judged) == {"accepted": 30, "rejected": 4, "duplicate": 2}
    columns = {column for verdict in judged if verdict.verdict == "rejected" for column in verdict.columns}
    assert {"klantnummer", "dienst", "einddatum", "email", "postcode"} <= columns
