"""The long checks were run on what is here: `make prove` writes tests/proof.json."""

from __future__ import annotations

import json

from tests.prove import REPORT, digests


def test_the_proof_is_of_these_policies_and_this_engine() -> None:
    report = json.loads(REPORT.read_text(encoding="utf-8"))
    current = digests()
    stale = [name for name, value in current.items() if report[name] != value]
    assert not stale, f"run `make prove`: {', '.join(stale)} changed since it was run"


def test_every_law_was_held_up_to_it() -> None:
    report = json.loads(REPORT.read_text(encoding="utf-8"))
    assert any("test_engines" in law for law in report["laws"])
    assert report["seconds"] > 0
