"""Runs every drill with its negative control; one line per bar, exit status 1 when one is missed."""

import argparse
import sys

from bench.figures import report
from tests.drills import (
    clock_changes,
    database_gone,
    guards,
    killing,
    mail_faults,
    mixed_mode,
    schedulers,
    sending,
    solving,
)

DRILLS = (
    killing.figures,
    sending.figures,
    schedulers.figures,
    mail_faults.figures,
    database_gone.figures,
    clock_changes.figures,
    mixed_mode.figures,
    guards.figures,
    solving.figures,
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="make drills", description=__doc__)
    parser.add_argument("--full", action="store_true", help="the long form")
    parser.add_argument("only", nargs="*", metavar="DRILL", help="the module of a drill; all when none is named")
    given = parser.parse_args()
    is_full, is_met = given.full, True
    for drill in DRILLS:
        if given.only and drill.__module__.rpartition(".")[2] not in given.only:
            continue
        for figure in drill(is_full):
            report(figure)
            is_met = is_met and figure.is_met
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
