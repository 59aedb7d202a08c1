"""What is asked of a policy for all claims, and what was found: closed sets of frozen records.

A ``Verdict`` says how much is known, never more. ``Proved`` holds for every claim of the form the
solver was given; ``Refuted`` has a claim that the reference interpreter decided; ``Searched``
has neither, and is not called proved by anything that shows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TypeAlias

from attrs import Factory, field, frozen

from tiaowen.compiler.core import Core, Rule, Value
from tiaowen.dsl.diagnostics import Diagnostic
from tiaowen.engine.decision import Decision
from tiaowen.engine.frames import Claim, ParameterValue
from tiaowen.engine.history.earlier import HistoryItem


class Kind(Enum):
    """What a property says. The value is the name that ``--property`` takes."""

    STATED = "stated"
    WITHIN = "within"
    NONNEGATIVE = "nonnegative"
    MONOTONE = "monotone"
    LEVEL = "level"
    RETIRED = "retired"
    DECIDED = "decided"
    CLIFF = "cliff"


PAIRED = frozenset({Kind.MONOTONE, Kind.LEVEL, Kind.RETIRED, Kind.CLIFF})
"""Properties that compare two claims."""


@frozen
class Property:
    """Something that should hold of every claim of a matter.

    ``condition`` is what a ``性质`` of the policy or the vocabulary says, None of the standard
    set. ``article`` is where the policy states it, '' where the policy does not.
    """

    kind: Kind
    name: str
    english: str
    matter: str
    condition: Core | None = None
    article: str = ""

    @property
    def paired(self) -> bool:
        return self.kind in PAIRED


# --- claims with what they were decided under


@frozen
class Scene:
    """A claim, the person's earlier items, and the parameters and readings it is decided under."""

    claim: Claim
    items: tuple[HistoryItem, ...] = ()
    parameters: Mapping[str, ParameterValue] = Factory(dict)
    readings: Mapping[str, str] = Factory(dict)


@frozen
class MoreCost:
    """The second claim of a pair costs ``by`` 分 more in fee line ``line``, which counts as so
    much more of the same thing (its unit price rises where one is given)."""

    line: int
    by: int


@frozen
class OtherFact:
    """The second claim of a pair has another ``value`` of a field of the claim."""

    name: str
    value: Value


Change: TypeAlias = MoreCost | OtherFact


@frozen(eq=False)
class Counterexample:
    """A claim that breaks a property, or two that do together.

    ``decisions`` are the interpreter's, in the order of the scenes. ``figures`` are the outputs
    that show it, by name: one value per scene. ``loss`` is in 分: what the breach amounts to
    where it is an amount. ``replayed`` is False where the history is totals for which no earlier
    claims were found.
    """

    scenes: tuple[Scene, ...]
    change: Change | None
    decisions: tuple[Decision, ...]
    figures: Mapping[str, tuple[Value | None, ...]]
    loss: int | None = None
    replayed: bool = True


@frozen
class Gap:
    """A stop that the policy states: 无规定, with the words of its reason and its article."""

    quantity: str
    reason: str
    rule: Rule
    scene: Scene = field(eq=False, repr=False)
    problems: tuple[Diagnostic, ...] = field(eq=False, repr=False)


# --- verdicts


@frozen
class Proved:
    """No claim breaks the property, of those for which every assumption of the form holds:
    ``assumed`` names them (``部分 matter.partition``: the claim falls into one part)."""

    seconds: float = field(eq=False)
    assumed: tuple[str, ...] = ()


class Found(Enum):
    """How a counterexample was found."""

    SOLVER = "solver"
    SEARCH = "search"


@frozen
class Refuted:
    """``others`` are further breaches that the search met and that break in another way."""

    counterexample: Counterexample
    found: Found
    others: tuple[Counterexample, ...] = ()


class Why(Enum):
    """Why the solver did not decide."""

    ABSENT = "absent"
    UNTRANSLATED = "untranslated"
    TIMEOUT = "timeout"
    APPROXIMATE = "approximate"
    SUMS = "sums"
    NOT_ASKED = "not-asked"


@frozen
class Searched:
    """Neither proved nor refuted: ``claims`` were decided and none breaks the property.

    ``detail`` names what the solver's form does not hold, or how long the solver was given.
    """

    claims: int
    why: Why
    detail: str = ""


class Reason(Enum):
    """Why a property says nothing of a matter."""

    NO_FUND = "no-fund"
    NO_ELIGIBLE = "no-eligible"
    FIXED_SUM = "fixed-sum"
    NO_RATIO = "no-ratio"
    NO_LEVEL = "no-level"
    ONE_KIND = "one-kind"
    NO_LINES = "no-lines"
    NO_AMOUNTS = "no-amounts"
    NO_CLAIM = "no-claim"


@frozen
class NotApplicable:
    """``detail`` names what decides it, as the quantity that is a fixed sum."""

    reason: Reason
    detail: str = ""


Verdict: TypeAlias = Proved | Refuted | Searched | NotApplicable


@frozen(eq=False)
class Answer:
    """A property with what was found. ``gaps`` are the stops the policy itself states, of the
    property that every claim is decided."""

    property: Property
    verdict: Verdict
    gaps: tuple[Gap, ...] = ()


@frozen(eq=False)
class Proof:
    """All answers of a policy, by matter in its order. ``solver`` is its version, '' without."""

    answers: tuple[Answer, ...]
    solver: str
    claims: int
    seconds: float
