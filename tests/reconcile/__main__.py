"""``python -m tests.reconcile [EACH]``: the tables of one and of two planted errors."""

from __future__ import annotations

import sys

from tests.reconcile.measuring import jobs, measure


def main() -> None:
    each = int(sys.argv[1]) if len(sys.argv) > 1 else 2
    for errors in (1, 2):
        print(measure(list(jobs(errors, each))).table(), end="\n\n")


if __name__ == "__main__":
    main()
