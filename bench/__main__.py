"""`python -m bench [names…]`: runs the measurements; FULL=1 in the environment takes the long ones."""

import os
import sys

from bench import (
    answering,
    calling,
    checking,
    counting,
    exporting,
    holding,
    importing,
    posting,
    reporting,
    tables,
    weighing,
)
from bench.figures import report

MEASUREMENTS = {
    "answering": answering.run,
    "holding": holding.run,
    "importing": importing.run,
    "letters": posting.run,
    "calling": calling.run,
    "tables": tables.run,
    "figures": counting.run,
    "exports": exporting.run,
    "reports": reporting.run,
    "weighing": weighing.run,
    "checking": checking.run,
}


def main() -> int:
    """Exit status 1 when a bar is missed."""
    names = sys.argv[1:] or list(MEASUREMENTS)
    if unknown := set(names) - set(MEASUREMENTS):
        print(f"there is no measurement {', '.join(sorted(unknown))}; choose from {', '.join(MEASUREMENTS)}")
        return 2
    full = os.environ.get("FULL", "") not in ("", "0")
    is_met = True
    for name in names:
        for figure in MEASUREMENTS[name](full):
            report(figure)
            is_met = is_met and figure.is_met
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
