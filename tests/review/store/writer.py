"""A process that keeps decisions until it has kept enough or is killed.

    python writer.py STORE DECISION.json NAME COUNT

Each decision's id is printed once the store has acknowledged it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tiaowen.review.store import open_store


def main(named: str, file: str, name: str, count: int) -> None:
    data = json.loads(Path(file).read_text(encoding="utf-8"))
    with open_store(named, create=True) as store:
        for number in range(count):
            data["claim"] |= {"人员编号": name, "就诊ID": f"{name}-{number}"}
            print(store.append(data).id, flush=True)


if __name__ == "__main__":
    named, file, name, count = sys.argv[1:]
    main(named, file, name, int(count))
