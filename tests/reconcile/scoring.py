"""Where among the explanations of a charged settlement the planted one stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import permutations

from attrs import Factory, define, evolve, frozen
from tests.reconcile.planting import Mark, Plant

from tiaowen.review.reconciliation import reconcile
from tiaowen.review.reconciliation.records import (
    AddedItem,
    Cause,
    Hypothesis,
    MissedItem,
    OtherFigure,
    OtherReading,
    OtherVersion,
    Reconciliation,
    SkippedRule,
    WrongFact,
    WrongRow,
)

FIRST, THIRD, LATER, SIMPLER, ABSENT = "first", "among three", "later", "simpler", "absent"
PLACES = (FIRST, THIRD, LATER, SIMPLER, ABSENT)
"""In the first explanation; in the second or third; further down; not among them, but fewer
causes give the same figures; not found."""

LEADING = "named first"
"""Of those in the first explanation, where it is what that explanation names first."""


@frozen
class Score:
    """What became of one plant."""

    town: str
    marks: tuple[Mark, ...]
    place: str
    leading: bool
    """Whether it is the simplest of the first explanation, not only among its causes."""
    explanations: int
    decisions: int

    @property
    def kind(self) -> str:
        return " + ".join(sorted(mark[0] for mark in self.marks))


def found(plant: Plant, budget: int = 20_000) -> Reconciliation:
    """What is found for a plant by one who knows only the claim and the sheet."""
    scene = plant.scene
    return reconcile(
        scene.program, scene.claim, plant.charged, scene.items, parameters=scene.parameters,
        earlier_figures=plant.wrong.figures, earlier_versions=plant.wrong.versions, budget=budget,
    )  # fmt: skip


def score(plant: Plant, budget: int = 20_000) -> Score:
    """Look for the causes of ``plant``, and say where they are."""
    made = found(plant, budget)
    marks = plant.wrong.marks
    at = next((n for n, group in enumerate(made.groups)
               if any(_is(marks, hypothesis) for hypothesis in group.members)), None)  # fmt: skip
    if at is not None:
        place = FIRST if at == 0 else THIRD if at < 3 else LATER
    else:
        fewer = any(len(h.slots) < len(marks) for g in made.groups for h in g.members)
        place = SIMPLER if fewer else ABSENT
    leading = at == 0 and _leads(marks, made.groups[0].members[0])
    return Score(plant.scene.town.name, marks, place, leading, len(made.groups),
                 made.effort.decisions)  # fmt: skip


def _leads(marks: Sequence[Mark], hypothesis: Hypothesis) -> bool:
    return _is(marks, evolve(hypothesis, slots=tuple(slot[:1] for slot in hypothesis.slots)))


def _is(marks: Sequence[Mark], hypothesis: Hypothesis) -> bool:
    """Whether each mark is among the causes of a slot of its own."""
    return len(marks) == len(hypothesis.slots) and any(
        all(
            any(is_of(mark, cause) for cause in slot)
            for mark, slot in zip(marks, order, strict=True)
        )
        for order in permutations(hypothesis.slots)
    )


def is_of(mark: Mark, cause: Cause) -> bool:
    """Whether a cause is what was planted: of a fact the very field, of a rule the very rule."""
    kind, what = mark[0], mark[1]
    match cause:
        case WrongFact():
            places = [s.place for s in cause.change.settings]
            if kind == "fact":
                return any(p.field == what and not p.collection for p in places)
            return kind == "line" and any(
                p.field == mark[2] and str(p.index) == what and p.collection for p in places
            )
        case OtherReading():
            return kind == "reading" and (cause.reading, cause.choice) == mark[1:]
        case OtherFigure():
            return kind == "parameter" and what in cause.values and not cause.row
        case OtherVersion():
            return kind == "version" and cause.label == what
        case WrongRow():
            return kind == "wrong row" and cause.site.node == what and cause.option.text == mark[2]
        case SkippedRule():
            right = "skipped ground" if cause.site.kind == "ground" else "skipped rule"
            text = cause.site.reason or (cause.site.rule.text if cause.site.rule else "")
            return (kind, what, mark[2]) == (right, cause.site.node, text)
        case MissedItem():
            return kind == "missed stay" and str(cause.index) == what
        case AddedItem():
            return kind == "added stay"
    return False


COLUMNS = (FIRST, LEADING, *PLACES[1:])


def planted(counts: Counter[str]) -> int:
    """How many settlements ``counts`` are of."""
    return sum(counts[place] for place in PLACES)


@define
class Tally:
    """How often the planted cause stands where, by kind."""

    counts: dict[str, Counter[str]] = Factory(dict)

    def add(self, score: Score) -> None:
        counts = self.counts.setdefault(score.kind, Counter())
        counts[score.place] += 1
        counts[LEADING] += score.leading

    def total(self) -> Counter[str]:
        return sum(self.counts.values(), Counter())

    def share(self, *places: str) -> float:
        total = self.total()
        return sum(total[place] for place in places) / max(1, planted(total))

    def figures(self) -> Mapping[str, Mapping[str, int]]:
        """By kind, how many were planted and where they were found."""
        return {
            kind: {"planted": planted(counts), **{name: counts[name] for name in COLUMNS}}
            for kind, counts in sorted(self.counts.items())
        }

    def table(self) -> str:
        """The same as lines of text, with a last line for all."""
        rows: list[tuple[str, ...]] = [("planted cause", "planted", *COLUMNS)]
        for kind, counts in (*sorted(self.counts.items()), ("all", self.total())):
            rows.append((kind, str(planted(counts)), *(str(counts[n]) for n in COLUMNS)))
        widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
        return "\n".join(
            "  ".join(cell.ljust(w) if n == 0 else cell.rjust(w)
                      for n, (cell, w) in enumerate(zip(row, widths, strict=True)))
            for row in rows
        )  # fmt: skip


def tally(scores: Iterable[Score]) -> Tally:
    made = Tally()
    for one in scores:
        made.add(one)
    return made
