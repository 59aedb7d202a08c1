"""What can be said of each fact: provable, or why not. Read from ``standing.toml``.

The table speaks national codes, so it holds for every policy whatever it calls its fields; this
module turns it into the names of one program.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from attrs import frozen

from tiaowen.compiler import core as c
from tiaowen.engine.claims.roles import named
from tiaowen.engine.reach import Fact

PROVABLE = "provable"
_KINDS = ("identity", "fixed", "policy", "billed")


@frozen
class Standing:
    """``kind`` is 'provable' or a section of the table; ``zh`` and ``en`` are its reason."""

    kind: str
    zh: str = ""
    en: str = ""


_PROVABLE = Standing(PROVABLE)


@frozen
class Copied:
    """A fact of an event and the facts it may be copied from, in order; ``each`` tries all."""

    field: str
    sources: tuple[str, ...]
    each: bool


@frozen
class Event:
    """Facts that come about together: ``trigger`` takes each of ``members``."""

    name: str
    zh: str
    en: str
    trigger: str
    members: tuple[str, ...]
    copied: tuple[Copied, ...]


@frozen
class Standings:
    """The table in the names of one program."""

    facts: Mapping[Fact, Standing]
    members: Mapping[Fact, frozenset[str]]
    """Values of a provable fact that follow from birth, by their codes."""
    partly: Mapping[Fact, Standing]
    """Why those values are left out."""
    orders: tuple[tuple[str, ...], ...]
    events: tuple[Event, ...]

    def of(self, fact: Fact) -> Standing:
        """The standing of ``fact``; one that is not in the table is provable."""
        return self.facts.get(fact, _PROVABLE)

    def event(self, name: str) -> Event:
        """The event called ``name``."""
        return next(event for event in self.events if event.name == name)


@cache
def _table() -> Mapping[str, Any]:
    text = (files("tiaowen.review.alternatives") / "standing.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def standings(program: c.Program) -> Standings:
    """The table for ``program``; codes that its vocabulary lacks are left out."""
    table = _table()
    facts = {
        (level, info.name): Standing(kind, entry["zh"], entry["en"])
        for kind in _KINDS
        for code, entry in table[kind].items()
        for level, info in _called(code, program)
    }
    members = {
        (level, info.name): frozenset(entry["codes"])
        for code, entry in table["members"].items()
        for level, info in _called(code, program)
    }
    partly = {
        (level, info.name): Standing("fixed", entry["reason"]["zh"], entry["reason"]["en"])
        for code, entry in table["members"].items()
        for level, info in _called(code, program)
    }
    orders = (
        tuple(filter(None, (named(program.fields, *codes.split("|")) for codes in entry["days"])))
        for entry in table["order"]
    )
    events = (_event(entry, program) for entry in table["event"])
    return Standings(
        facts,
        members,
        partly,
        tuple(order for order in orders if len(order) > 1),
        tuple(event for event in events if event is not None),
    )


def _called(code: str, program: c.Program) -> list[tuple[str, c.FieldInfo]]:
    """Every field with this code: of the claim, or of the elements of a collection."""
    found = [("", info) for info in program.fields.values() if info.code == code]
    for name, collection in program.collections.items():
        found += [(name, info) for info in collection.fields.values() if info.code == code]
    return found


def _event(entry: Mapping[str, Any], program: c.Program) -> Event | None:
    trigger = named(program.fields, entry["trigger"])
    if not trigger:
        return None
    info = program.fields[trigger]
    codes = program.enums[info.type.name].codes
    only: Sequence[str] = entry.get("only", ())
    members = [m for m, code in codes.items() if m != info.default and (not only or code in only)]
    copied = []
    for part in entry["with"]:
        sources = tuple(
            filter(None, (named(program.fields, *codes.split("|")) for codes in part["from"]))
        )
        if field := named(program.fields, part["field"]):
            copied.append(Copied(field, sources, part.get("each", False)))
    return Event(entry["name"], entry["zh"], entry["en"], trigger, tuple(members), tuple(copied))
