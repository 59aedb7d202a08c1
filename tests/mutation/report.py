"""The tally of a policy's mutants, and the changes that are known to change nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from attrs import frozen
from tests.mutation.trial import Outcome

EQUIVALENT = Path(__file__).with_name("equivalent.toml")
WANTED = 0.98
"""The least share of the mutants that the cases alone have to catch."""


@frozen
class Equivalent:
    """A change after which the policy means the same, and why. ``rule`` is how the rule
    begins, white space made one."""

    article: str
    rule: str
    change: str
    reason: str

    def is_of(self, outcome: Outcome) -> bool:
        return (
            self.change == outcome.change
            and self.article == outcome.article
            and outcome.rule.startswith(self.rule)
        )


@cache
def equivalents(policy: str) -> tuple[Equivalent, ...]:
    """What ``equivalent.toml`` lists for ``policy``."""
    listed = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8"))
    return tuple(Equivalent(**entry) for entry in listed.get(policy, ()))


@frozen
class Tally:
    """The outcomes of one policy's mutants. ``stale`` are the listed equivalents that a case
    notices, so that they are none; of a whole run, also those that are no mutant, or several."""

    policy: str
    outcomes: tuple[Outcome, ...]
    equivalent: tuple[tuple[Outcome, Equivalent], ...]
    stale: tuple[Equivalent, ...]

    @classmethod
    def of(cls, policy: str, outcomes: Iterable[Outcome], *, whole: bool) -> Tally:
        known = equivalents(policy)
        outcomes = tuple(outcomes)
        pairs = [(o, e) for e in known for o in outcomes if e.is_of(o)]
        uncaught = tuple((o, e) for o, e in pairs if o.how in ("nothing", "grounding"))
        found = [e for _, e in uncaught]
        caught = {id(e) for o, e in pairs if o.how == "case"}
        stale = [e for e in known if id(e) in caught or (whole and found.count(e) != 1)]
        return cls(policy, outcomes, uncaught, tuple(stale))

    @property
    def counted(self) -> tuple[Outcome, ...]:
        """The mutants that something has to notice."""
        same = {o.number for o, _ in self.equivalent}
        return tuple(o for o in self.outcomes if o.how != "compiler" and o.number not in same)

    def by(self, how: str) -> tuple[Outcome, ...]:
        return tuple(o for o in self.counted if o.how == how)

    @property
    def share(self) -> float:
        """Of the mutants that something has to notice, those that a case does."""
        return len(self.by("case")) / len(self.counted) if self.counted else 1.0

    def figures(self) -> dict[str, Any]:
        """The tally as it stands in the report of ``make prove``."""
        return {
            "mutants": len(self.outcomes),
            "no policy": sum(o.how == "compiler" for o in self.outcomes),
            "equivalent": len(self.equivalent),
            "caught by cases": len(self.by("case")),
            "caught by grounding": sum(not o.grounded for o in self.counted),
            "caught by grounding only": len(self.by("grounding")),
            "caught by neither": len(self.by("nothing")),
            "share of the cases": round(self.share, 4),
        }


def table(tallies: Sequence[Tally]) -> str:
    """The figures of every policy, a line each."""
    heads = list(tallies[0].figures()) if tallies else []
    lines = [f"{'policy':34}" + "  ".join(heads)]
    for tally in tallies:
        cells = [f"{value:>{len(head)}}" for head, value in tally.figures().items()]
        lines.append(f"{tally.policy:34}" + "  ".join(cells))
    return "\n".join(lines)


def survivors(tally: Tally) -> str:
    """The mutants that no case noticed, each with its place and text."""
    lines: list[str] = []
    for how in ("nothing", "grounding"):
        seen = "noticed by nothing" if how == "nothing" else "noticed by grounding only"
        for o in tally.by(how):
            rule = o.rule if len(o.rule) <= 100 else o.rule[:99] + "…"
            lines.append(f"{o.place}: {o.article or '-'}: {o.change}: {seen}\n    {rule}")
    for entry in tally.stale:
        lines.append(f"{EQUIVALENT.name}: {tally.policy}: no such equivalent: "
                     f"{entry.article}: {entry.rule}: {entry.change}")  # fmt: skip
    return "\n".join(lines)
