"""The manuals say what the code does."""

import re
from datetime import date
from pathlib import Path

from app.fieldwork.delivery.check import VERDICTS
from app.fieldwork.delivery.columns import COLUMNS
from app.fieldwork.rules import WaveRules
from app.fieldwork.waves import read_rules_file
from app.settings import ROOT

RULES = (ROOT / "docs" / "wave-rules.md").read_text(encoding="utf-8")
DELIVERY = (ROOT / "docs" / "delivery.md").read_text(encoding="utf-8")


def test_the_example_of_rules_is_accepted(tmp_path: Path) -> None:
    example = re.search(r"```yaml\n(.*?)```", RULES, re.DOTALL)
    assert example
    (tmp_path / "rules.yaml").write_text(example[1])
    rules = read_rules_file(tmp_path / "rules.yaml", date(2024, 1, 1))
    assert rules.max_sample == {9: 400}


def test_every_rule_column_and_verdict_is_explained() -> None:
    assert not [name for name in WaveRules.model_fields if f"| `{name}` |" not in RULES]
    assert not [name for name in COLUMNS if f"`{name}`" not in DELIVERY]
    assert not [name for name in VERDICTS if f"`{name}`" not in DELIVERY]
