"""What an alternative fact is: where it stands, what it was, what it would be.

A claim is looked at together with the person's earlier items, because a result may hang on
either. An alternative is one of a closed set of records, and ``apply`` gives the situation in
which it is true; nothing else of the situation changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from attrs import evolve, frozen

from tiaowen.compiler.core import Value
from tiaowen.engine.frames import Claim
from tiaowen.engine.history.earlier import EarlierClaim, HistoryItem, Opening, Settlement


@frozen
class Situation:
    """A claim with the person's earlier items, in the order given."""

    claim: Claim
    items: tuple[HistoryItem, ...] = ()


@frozen(order=True)
class Place:
    """Where a fact stands: a field of the claim, or with ``collection`` and ``index`` of one of
    its elements; with ``item`` all this in that earlier item instead of the claim."""

    field: str
    collection: str = ""
    index: int = -1
    item: int = -1


@frozen
class Setting:
    """A fact that is otherwise. ``before`` and ``after`` None mean that it is not given."""

    place: Place
    before: Value | None
    after: Value | None


@frozen
class Change:
    """Facts that are otherwise together, as one event makes them: a filing has a kind, a place
    and a day. ``event`` names it in the table of facts, '' where one fact changes alone."""

    settings: tuple[Setting, ...]
    event: str = ""


@frozen
class LeftOut:
    """An earlier item that is not there."""

    item: int


@frozen
class Added:
    """An earlier item that is there besides."""

    added: HistoryItem


Alternative: TypeAlias = Change | LeftOut | Added


def apply(situation: Situation, *alternatives: Alternative) -> Situation:
    """``situation`` with every one of ``alternatives`` true.

    Items keep their numbers while facts change; those left out go and those added come last.
    """
    claim, items = situation.claim, list(situation.items)
    settings = [s for a in alternatives if isinstance(a, Change) for s in a.settings]
    own = [s for s in settings if s.place.item < 0]
    if own:
        claim = changed_claim(claim, own)
    for number in {s.place.item for s in settings if s.place.item >= 0}:
        of_item = [s for s in settings if s.place.item == number]
        items[number] = _changed_item(items[number], of_item)
    gone = {a.item for a in alternatives if isinstance(a, LeftOut)}
    kept = [item for number, item in enumerate(items) if number not in gone]
    kept += [a.added for a in alternatives if isinstance(a, Added)]
    return Situation(claim, tuple(kept))


def changed_claim(claim: Claim, settings: Sequence[Setting]) -> Claim:
    """``claim`` with these facts, whatever the ``item`` of their places."""
    fields = _with(claim.fields, [s for s in settings if not s.place.collection])
    collections = dict(claim.collections)
    for name in {s.place.collection for s in settings} - {""}:
        records = list(collections.get(name, ()))
        for index in {s.place.index for s in settings if s.place.collection == name}:
            here = [s for s in settings if (s.place.collection, s.place.index) == (name, index)]
            records[index] = _with(records[index], here)
        collections[name] = tuple(records)
    return evolve(claim, fields=fields, collections=collections)


def _changed_item(item: HistoryItem, settings: Sequence[Setting]) -> HistoryItem:
    match item:
        case EarlierClaim():
            return EarlierClaim(changed_claim(item.claim, settings))
        case Settlement() | Opening():
            return evolve(item, values=_with(item.values, settings))
    return item


def _with(record: Mapping[str, Value], settings: Iterable[Setting]) -> dict[str, Value]:
    """``record`` with the facts set; a new one stands last."""
    made = dict(record)
    for setting in settings:
        if setting.after is None:
            made.pop(setting.place.field, None)
        else:
            made[setting.place.field] = setting.after
    return made


def facts_at(situation: Situation, place: Place) -> Mapping[str, Value]:
    """The record that ``place`` stands in."""
    if place.item >= 0:
        item = situation.items[place.item]
        if isinstance(item, Settlement | Opening):
            return item.values
        if not isinstance(item, EarlierClaim):
            return {}
        claim = item.claim
    else:
        claim = situation.claim
    if place.collection:
        return claim.collections[place.collection][place.index]
    return claim.fields


def setting(situation: Situation, place: Place, after: Value | None) -> Setting:
    """``place`` set to ``after``, with what stands there now."""
    return Setting(place, facts_at(situation, place).get(place.field), after)


def one(situation: Situation, place: Place, after: Value | None) -> Change:
    """One fact changed."""
    return Change((setting(situation, place, after),))


def places(alternative: Alternative) -> frozenset[Place]:
    """The facts an alternative touches; () for a whole item."""
    if isinstance(alternative, Change):
        return frozenset(s.place for s in alternative.settings)
    return frozenset()
