"""The directed search: what the claims that a matter's rules tell apart do to its properties.

It proves nothing. Where it finds a claim that breaks a property, the reference interpreter has
decided that claim; where it finds none it says how many it tried.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress

from attrs import Factory, define, field, frozen

from tiaowen.compiler.core import LINES, Program, Value
from tiaowen.engine.decision import Decision
from tiaowen.review.proof.candidates import Candidates
from tiaowen.review.proof.checking import breach, gaps
from tiaowen.review.proof.exploring import Exploring
from tiaowen.review.proof.pairs import Curve, Hit, changed, others, variants
from tiaowen.review.proof.records import Counterexample, Gap, Kind, MoreCost, Property, Scene
from tiaowen.review.proof.shrinking import shrink
from tiaowen.review.proof.signatures import signature
from tiaowen.review.proof.trying import Spent, Trying

BUDGET = 6000
"""Decisions made for the claims of one matter, as many for their likes, as many for costs."""

_ON_CURVES = frozenset({Kind.MONOTONE, Kind.CLIFF})
_ON_OTHERS = frozenset({Kind.LEVEL, Kind.RETIRED})
ENOUGH = 60
"""Breaches of one property after which no more are kept."""
SHOWN = 6
"""Counterexamples of one property that are made simple."""
SHRINKING = 1500
"""Decisions made to make one counterexample simple."""


@frozen(eq=False)
class SearchResult:
    """Counterexamples by property, the most telling first; stops the text states; claims tried."""

    found: dict[Property, tuple[Counterexample, ...]]
    gaps: tuple[Gap, ...]
    claims: int


@define
class _Search:
    """``trying`` goes through the claims; ``pairing`` compares those that do something new with
    their likes, ``drawing`` with themselves at another cost. Each has its own budget, so that
    none leaves another without."""

    trying: Trying
    pairing: Trying
    drawing: Trying
    asked: Sequence[Property]
    hits: dict[Property, dict[object, Hit]] = field(factory=dict)
    variants: dict[Property, tuple[tuple[str, Value, Value], ...]] = field(init=False)
    gaps: dict[tuple[str, str], Gap] = Factory(dict)
    curves: list[Curve] = Factory(list)
    courses: set[tuple[object, ...]] = Factory(set)

    @variants.default
    def _variants(self) -> dict[Property, tuple[tuple[str, Value, Value], ...]]:
        program = self.trying.program
        return {p: variants(p, program) for p in self.asked if p.kind in _ON_OTHERS}

    def run(self) -> None:
        """Until the budget is spent or no claim is new."""
        alone = [p for p in self.asked if not p.paired]
        for scene, made, new in Exploring(self.trying).claims():
            for asked in alone:
                found = breach(asked, self.trying.program, [made])
                if found is not None:
                    self._keep(asked, Hit(scene, None, found), made)
            self._note(scene, made)
            if new:
                with suppress(Spent):
                    self._others(scene)
                self._add_curves(scene, made)

    def compare(self) -> None:
        """Along the curves of the claims that were new: first all of them roughly, then, as far
        as the budget goes, each closely."""
        costs = [p for p in self.asked if p.kind in _ON_CURVES]
        for fine in (False, True) if costs else ():
            for curve in self.curves:
                for asked, hit in curve.hits(costs, fine):
                    self._keep(asked, hit, None)

    def _others(self, scene: Scene) -> None:
        for asked, choices in self.variants.items():
            for hit in others(asked, choices, scene, self.pairing):
                self._keep(asked, hit, None)

    def _add_curves(self, scene: Scene, made: Decision) -> None:
        course = (len(scene.items), *signature(made, kinds=False))
        if made.decided and course not in self.courses:
            self.courses.add(course)
            for line in range(len(scene.claim.collections.get(LINES, ()))):
                self.curves.append(Curve(scene, line, self.drawing))

    def _keep(self, asked: Property, hit: Hit, made: Decision | None) -> None:
        kept = self.hits.setdefault(asked, {})
        key = _kind_of(hit, made)
        if key not in kept and len(kept) < ENOUGH:
            kept[key] = hit

    def _note(self, scene: Scene, made: Decision) -> None:
        for problem in gaps(made):
            name, reason = str(problem.args.get("name")), str(problem.args.get("reason"))
            if (name, reason) not in self.gaps:
                rule = next(
                    (
                        a.rule
                        for node in self.trying.program.nodes.values()
                        for a in node.alternatives
                        if node.quantity == name and a.value is None and a.reason == reason
                    ),
                    None,
                )
                if rule is not None:
                    gap = Gap(name, reason, rule, scene, made.problems)
                    self.gaps[name, reason] = gap


def _kind_of(hit: Hit, made: Decision | None) -> object:
    """What tells breaches of one property apart: the stop, else what they amount to."""
    if made is not None and made.problems:
        return tuple((p.code, str(p.args.get("name", p.args.get("level")))) for p in made.problems)
    return hit.breach.loss, type(hit.change)


def search(
    program: Program,
    matter: str,
    asked: Sequence[Property],
    budget: int = BUDGET,
    tell: Callable[[int], None] | None = None,
) -> SearchResult:
    """Claims of ``matter`` that break properties in ``asked``.

    At most three times ``budget`` decisions are made to find them, and some more to make them
    simple.
    """
    candidates = Candidates.of(program, matter)
    trying = Trying(program, matter, candidates, budget, tell=tell)
    pairing = Trying(program, matter, candidates, budget, tell=tell)
    drawing = Trying(program, matter, candidates, budget, tell=tell)
    found = _Search(trying, pairing, drawing, asked)
    for part in (found.run, found.compare):
        with suppress(Spent):
            part()
    claims = trying.made + pairing.made + drawing.made
    return SearchResult(
        {one: tuple(_simple(one, found, trying)) for one in asked if one in found.hits},
        tuple(found.gaps.values()),
        claims,
    )


def _simple(asked: Property, search: _Search, trying: Trying) -> Iterator[Counterexample]:
    """The breaches of ``asked`` made simple, each once."""
    hits = sorted(search.hits[asked].values(), key=lambda h: -(h.breach.loss or 0))
    seen: set[str] = set()
    for hit in hits[:SHOWN]:
        trying.left = SHRINKING
        simple = shrink(hit, asked, trying)
        trying.left = SHRINKING
        shown = confirmed(simple, asked, trying)
        told = "" if shown is None else in_words(shown.scenes[0])
        if shown is not None and told not in seen:
            seen.add(told)
            yield shown


def in_words(scene: Scene) -> str:
    """A text that is equal for scenes that say the same, in whatever order."""
    claim = scene.claim

    def told(record: Mapping[str, Value]) -> list[str]:
        return sorted(f"{name} {value}" for name, value in record.items())

    lines = [told(line) for line in claim.collections.get(LINES, ())]
    return repr((told(claim.fields), lines, scene.items))


def confirmed(hit: Hit, asked: Property, trying: Trying) -> Counterexample | None:
    """``hit`` as the reference interpreter decides it; None where it does not break ``asked``."""
    scene, _ = trying.complete(hit.scene, whole=True)
    scenes: tuple[Scene, ...] = (scene,)
    added = 0
    if hit.change is not None:
        scenes = (scene, changed(scene, hit.change, trying))
        added = hit.change.by if isinstance(hit.change, MoreCost) else 0
    made = [trying.confirmed(scene) for scene in scenes]
    decisions = tuple(d for d in made if d is not None)
    if len(decisions) < len(scenes):
        return None
    found = breach(asked, trying.program, decisions, added)
    if found is None:
        return None
    return Counterexample(scenes, hit.change, decisions, found.figures, found.loss)
