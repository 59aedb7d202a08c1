"""What notices a mutant: the first worked case that fails, else grounding, else nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from typing import Literal

from attrs import Factory, define, frozen
from tests.mutation.subject import Mutant, Subject

from tiaowen.compiler.collect import CaseBlock
from tiaowen.review.cases import results

How = Literal["case", "grounding", "compiler", "nothing"]
"""'compiler': the change makes no policy, so that nothing has to notice it."""


@frozen
class Outcome:
    """One mutant tried. ``by`` is the case that failed; ``grounded`` is False where grounding
    sees the change, whoever else does."""

    policy: str
    number: int
    place: str
    article: str
    rule: str
    change: str
    how: How
    by: str
    grounded: bool


@define
class Trials:
    """Tries the mutants of one policy; a case that noticed a change of a rule is the first to
    be asked about its next."""

    subject: Subject
    noticed: dict[str, list[CaseBlock]] = Factory(dict)

    def outcome(self, mutant: Mutant) -> Outcome:
        rule = mutant.rule.rule
        compilation = self.subject.changed(mutant)
        how: How = "compiler"
        by = ""
        if compilation.program is not None:
            earlier = self.noticed.setdefault(rule.id, [])
            nearest = [b for b in self.subject.cases(mutant.rule) if b not in earlier]
            how = "nothing"
            for block in (*earlier, *nearest):
                (result,) = results(compilation, (block,))
                if not result.holds:
                    how, by = "case", result.name
                    earlier[:] = [block, *(b for b in earlier if b is not block)]
                    break
        grounded = not any(d.code.startswith("TW04") for d in compilation.diagnostics)
        if how == "nothing" and not grounded:
            how = "grounding"
        text = " ".join(rule.text.split())
        place = f"{rule.span.source.name}:{rule.span.source.line_of(mutant.change.edits[0][0])}"
        return Outcome(self.subject.name, mutant.number, place, rule.article, text,
                       mutant.change.text, how, by, grounded)  # fmt: skip


@cache
def trials(path: Path) -> Trials:
    """The trials of the policy at ``path``, read once in a process."""
    return Trials(Subject.read(path))


def tried(path: Path, numbers: Sequence[int]) -> list[Outcome]:
    """The outcomes of the mutants ``numbers`` of the policy at ``path``."""
    trial = trials(path)
    return [trial.outcome(trial.subject.mutants[number]) for number in numbers]


def try_all(path: Path, numbers: Sequence[int], jobs: int, part: int = 20) -> Iterable[Outcome]:
    """What ``tried`` gives, by ``jobs`` processes that take ``part`` mutants at a time."""
    if jobs == 1:
        yield from tried(path, numbers)
        return
    parts = [numbers[i : i + part] for i in range(0, len(numbers), part)]
    with ProcessPoolExecutor(jobs) as pool:
        for outcomes in pool.map(tried, [path] * len(parts), parts):
            yield from outcomes
