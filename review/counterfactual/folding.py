"""What was tried, folded: changes of the same facts that come to the same are one entry, and a
change that a smaller one makes unnecessary is none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING

from attrs import frozen

from tiaowen.review.alternatives import Change, Place, Setting
from tiaowen.review.counterfactual.model import Changes

if TYPE_CHECKING:
    from tiaowen.review.counterfactual.trials import Trial


@frozen(eq=False)
class Folded:
    """A trial that stands for those ``alike``, which change the same facts and come to the
    same; it is the nearest to the facts as they are. ``elsewhere`` are the same changes in other
    fee lines, where they come to the same too."""

    trial: Trial
    alike: tuple[Trial, ...]
    elsewhere: tuple[Trial, ...] = ()


def folded(trials: Iterable[Trial]) -> list[Folded]:
    """``trials`` folded, in the order of the first of each."""
    groups: dict[tuple[frozenset[Place], object], list[Trial]] = {}
    for trial in trials:
        groups.setdefault((trial.touched, trial.values), []).append(trial)
    found = []
    for group in groups.values():
        nearest, *others = sorted(group, key=lambda trial: distance(trial.changes))
        found.append(Folded(nearest, tuple(others)))
    return _over_lines(found)


def _over_lines(entries: Iterable[Folded]) -> list[Folded]:
    """One entry for the same change in several fee lines."""
    groups: dict[object, list[Folded]] = {}
    for entry in entries:
        told = tuple(_anywhere(trial.changes) for trial in (entry.trial, *entry.alike))
        in_line = any(place.collection for place in entry.trial.touched)
        key = (told, entry.trial.values) if in_line else entry
        groups.setdefault(key, []).append(entry)
    return [
        Folded(first.trial, first.alike, tuple(other.trial for other in others))
        for first, *others in groups.values()
    ]


def _anywhere(changes: Changes) -> tuple[object, ...]:
    """Changes without the fee line they are of."""
    return tuple(
        (s.place.collection, s.place.field, s.place.item, s.before, s.after)
        for change in changes
        if isinstance(change, Change)
        for s in change.settings
    )


def smallest(entries: Sequence[Folded]) -> list[Folded]:
    """``entries`` without those of which a part does as much by itself."""
    return [
        entry
        for entry in entries
        if not any(other is not entry and _does_as_much(other, entry) for other in entries)
    ]


def _does_as_much(small: Folded, large: Folded) -> bool:
    if not small.trial.touched < large.trial.touched:
        return False
    if not any(_settings(t) < _settings(large.trial) for t in (small.trial, *small.alike)):
        return False
    one, other = small.trial.gain, large.trial.gain
    if one is None or other is None:
        return small.trial.values == large.trial.values
    return (one >= other > 0) or (one <= other < 0) or small.trial.values == large.trial.values


def _settings(trial: Trial) -> set[Setting]:
    return {s for change in trial.changes if isinstance(change, Change) for s in change.settings}


def distance(changes: Changes) -> Fraction:
    """How far the changed facts lie from what they are: days and figures by their difference;
    codes and flags in the order they are listed in, so by nothing."""
    far = Fraction(0)
    for change in changes:
        if not isinstance(change, Change):
            continue
        for setting in change.settings:
            far += _between(setting.before, setting.after)
    return far


def _between(before: object, after: object) -> Fraction:
    if isinstance(before, bool) or isinstance(after, bool):
        return Fraction(0)
    if isinstance(before, date) and isinstance(after, date):
        return abs(_moment(after) - _moment(before))
    if isinstance(before, int | Fraction) and isinstance(after, int | Fraction):
        return abs(Fraction(after) - Fraction(before))
    return Fraction(0)


def _moment(at: date) -> Fraction:
    days = Fraction(at.toordinal())
    if isinstance(at, datetime):
        days += Fraction(at.hour * 60 + at.minute, 24 * 60)
    return days
