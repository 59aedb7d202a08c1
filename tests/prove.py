"""`make prove`: the generated tests with many times their examples, and a report of the run.

The report names what was proved by digests of the policies and of the rooms that give them
meaning. `make test` fails when the report speaks of others (tests/project/test_proof.py).
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.etree import ElementTree

ROOT = Path(__file__).parent.parent
REPORT = ROOT / "tests" / "proof.json"
TIMES = 2
MOST_ABSENT = 0.02
"""Of single errors planted in settlements, the share that may stay unexplained."""
ENGINE = ("grammar", "dsl", "compiler", "engine")
SUFFIXES = {".py", ".lark", ".toml", ".md", ".tiao", ".json", ".ll"}
WORDS = {"dsl/catalogue", "dsl/render"}
"""Folders whose files change what is said of a result and never the result."""


def digest(*folders: str) -> str:
    """A digest of the files of ``folders``, whatever order the file system gives them in."""
    found = sha256()
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            if path.suffix in SUFFIXES and not any(name.startswith(words) for words in WORDS):
                found.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


def digests() -> dict[str, str]:
    """What a proof is of."""
    return {"policies": digest("policies"), "engine": digest(*ENGINE)}


def mutated() -> dict[str, Any]:
    """Every figure of every policy changed, one at a time: what the worked cases notice."""
    from tests.mutation.__main__ import policy_paths, tally
    from tests.mutation.report import WANTED, survivors

    tallies = [tally(path) for path in policy_paths([])]
    for found in tallies:
        print(survivors(found))
    if short := [t.policy for t in tallies if t.share < WANTED or t.stale]:
        sys.exit(f"the cases notice too few changed figures: {', '.join(short)}")
    return {found.policy: found.figures() for found in tallies}


def properties() -> dict[str, list[str]]:
    """Every property that docs/findings.toml says is proved, proved again."""
    import tomllib

    from tiaowen.apps.programs import load_program
    from tiaowen.review.proof import prove
    from tiaowen.review.proof.records import Proved

    told = tomllib.loads((ROOT / "docs" / "findings.toml").read_text(encoding="utf-8"))["proved"]
    proved: dict[str, list[str]] = {}
    for one in told:
        program = load_program(ROOT / one["policy"])
        found = prove(program, [one["matter"]], names=one["kinds"], timeout=60, budget=1)
        wrong = [
            a.property.name
            for a in found.answers
            if not isinstance(a.verdict, Proved)
            or (a.verdict.assumed and not one.get("in_part", False))
        ]
        if wrong:
            sys.exit(f"{one['policy']} {one['matter']} not proved: {', '.join(wrong)}")
        proved.setdefault(one["policy"], []).append(f"{one['matter']}: {', '.join(one['kinds'])}")
    return proved


def reconciled() -> dict[str, Any]:
    """Errors planted in settlements: how often their causes are found, also in the documents."""
    from tests.reconcile.measuring import proof
    from tests.reconcile.scoring import ABSENT
    from tests.reconcile.told import write

    tallies = proof()
    for found in tallies.values():
        print(found.table())
    if tallies["one error"].share(ABSENT) > MOST_ABSENT:
        sys.exit("too few of the planted errors are found")
    figures = {name: found.figures() for name, found in tallies.items()}
    write(figures)
    return figures


def main() -> None:
    before, begin = digests(), time.monotonic()
    with TemporaryDirectory() as folder:
        results = Path(folder) / "results.xml"
        words = [
            sys.executable,
            "-m",
            "pytest",
            f"--prove={TIMES}",
            f"--junit-xml={results}",
            *sys.argv[1:],
        ]
        code = subprocess.run(words, cwd=ROOT, check=False).returncode
        suite = ElementTree.parse(results).getroot()[0]
    if code:
        sys.exit(code)
    proved = properties()
    mutation = mutated()
    reconciliation = reconciled()
    if digests() != before:
        sys.exit("policies or engine changed during the run: run it again")
    laws = sorted({f"{c.get('classname')}.{c.get('name')}" for c in suite.iter("testcase")})
    report = {
        **before,
        "examples": f"{TIMES} times those of the tests",
        "laws": laws,
        "properties": proved,
        "mutation": mutation,
        "reconciliation": reconciliation,
        "seconds": round(time.monotonic() - begin),
    }
    REPORT.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{len(laws)} laws held; {REPORT.relative_to(ROOT)} written")


if __name__ == "__main__":
    main()
