"""``python -m tests.reconcile [TIMES]``: how often planted errors are found, and in the documents.

TIMES is a share of what `make prove` plants, which puts its own figures into its report.
"""

from __future__ import annotations

import json
import sys

from tests.prove import REPORT
from tests.reconcile.measuring import proof
from tests.reconcile.told import write


def main() -> None:
    tallies = proof(float(sys.argv[1]) if len(sys.argv) > 1 else 1)
    for found in tallies.values():
        print(found.table(), end="\n\n")
    figures = {name: found.figures() for name, found in tallies.items()}
    report = json.loads(REPORT.read_text(encoding="utf-8"))
    report["reconciliation"] = figures
    REPORT.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    write(figures)


if __name__ == "__main__":
    main()
