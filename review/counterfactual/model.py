"""What is found when one asks which facts would have changed a result: a closed set of records.

Everything is measured by one line of the statement, ``Measure``; a gain is what is better for
the person, whichever way the line counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TypeAlias

from attrs import field, frozen

from tiaowen.compiler.core import Output, Program, Value
from tiaowen.dsl.diagnostics import Diagnostic
from tiaowen.engine.telling.explanation import Citation, Step
from tiaowen.review.alternatives import Alternative
from tiaowen.review.alternatives.standing import Standing

Changes: TypeAlias = tuple[Alternative, ...]
"""One alternative fact, or two together."""

Gain: TypeAlias = int | Fraction


@frozen
class Measure:
    """The line that results are compared by; ``less`` says that less of it is better."""

    output: Output
    less: bool

    def gain(self, before: Value | None, after: Value | None) -> Gain | None:
        """By how much ``after`` is better, None where either is no figure. 否 counts 0, 是 1."""
        if not isinstance(before, int | Fraction) or not isinstance(after, int | Fraction):
            return None
        by = int(after) - int(before) if isinstance(after, int) and isinstance(before, int) else (
            Fraction(after) - Fraction(before))  # fmt: skip
        return -by if self.less else by


@frozen
class Moved:
    """A line of the statement that comes out otherwise."""

    output: Output
    before: Value | None
    after: Value | None


@frozen
class StepChange:
    """A quantity that came out otherwise, or by other rules, on the way to the result.

    ``before`` and ``after`` are its last states; ``before`` is None where nothing looked at it.
    ``new`` and ``gone`` are its states by rules, or rows of tables, that apply now and did not,
    and the reverse. ``first`` marks where the difference begins: nothing that it is worked out
    from has changed, only facts.
    """

    before: Step | None
    after: Step
    new: tuple[Step, ...]
    gone: tuple[Step, ...]
    first: bool


@frozen
class Way:
    """A change of fact, or two together, and what comes of it.

    ``alike`` are other changes of the same facts that come to the same, ``elsewhere`` the same
    changes of other fee lines. ``gain`` is in the unit of the measure, None where the result was
    not decided before. ``steps`` say why, in the order of the explanation; ``articles`` are those
    that decide differently now.
    """

    changes: Changes
    alike: tuple[Changes, ...]
    value: Value | None
    gain: Gain | None
    moved: tuple[Moved, ...]
    steps: tuple[StepChange, ...] = ()
    articles: tuple[Citation, ...] = ()
    apart: tuple[Gain | None, Gain | None] | None = None
    """Of two together: what each brings by itself, None where it then cannot be decided."""
    elsewhere: tuple[Changes, ...] = ()


@frozen
class Aside:
    """Changes that were tried and lead to no result, by what then stands against it."""

    problem: Diagnostic
    changes: tuple[Changes, ...]

    @property
    def refused(self) -> bool:
        """Whether the facts would contradict one another; else the decision stops."""
        return self.problem.code not in STOPS


STOPS = frozenset(("TW0501", "TW0502", "TW0503", "TW0504", "TW0508", "TW0509", "TW0510", "TW0511",
                   "TW0516"))  # fmt: skip
"""What stops a decision, where facts that contradict one another never come to one."""


@frozen
class Searched:
    """How far the search went: ``alone`` changes and ``pairs`` tried, ``pairs_left`` that were
    not, ``without_effect`` of those alone."""

    alone: int
    without_effect: int
    pairs: int
    pairs_left: int


@frozen(eq=False)
class WhatIf:
    """The answer. ``better`` and ``worse`` are ordered by effect, the greatest first; where the
    claim was not decided (``problems``) ``decidable`` are the changes under which it is."""

    program: Program
    matter: str
    measure: Measure
    value: Value | None
    problems: tuple[Diagnostic, ...]
    better: tuple[Way, ...]
    worse: tuple[Way, ...]
    otherwise: tuple[Way, ...]
    """What moves the statement and not the measure, or cannot be called better or worse."""
    decidable: tuple[Way, ...]
    aside: tuple[Aside, ...]
    unchangeable: Mapping[str, Standing]
    """Facts the decision looked at that no paper changes, with the reason."""
    certain: tuple[str, ...]
    """Facts held to be certain by the one who asks."""
    searched: Searched
    values: Mapping[str, Value | None] = field(factory=dict)
    """The statement as it stands."""
