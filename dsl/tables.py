"""The grammar's LALR tables: made by Lark, kept between runs.

Lark reads the grammar and computes the tables; that takes a quarter of a second, so the tables
are kept in the user's cache as plain JSON (nothing that could run), under a name made of the
grammar's own words. Reading them needs neither Lark nor the grammar. Where nothing can be
written, they are computed each time.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

from attrs import field, frozen

from tiaowen.dsl.keywords import terminals

STARTS = ("rule_statement", "case_statement")

END = "$END"

_FORM = 2
"""Raised when the form of the kept tables changes."""


class Rule(NamedTuple):
    """One production. ``name`` is the form it makes: its alias, else its origin.

    ``parts`` are the symbols on its right that carry something, by place; ``lists`` are those
    of them that are helper lists, to be spliced in (``name`` is empty in the rules that make
    them). A ``through`` rule
    hands its only part on as it is.
    """

    name: str
    origin: str
    size: int
    parts: tuple[int, ...]
    lists: frozenset[int]
    through: bool


@frozen
class Tables:
    """``actions[state][terminal]`` is a state to go to, or ``~rule`` to reduce by a rule."""

    actions: Sequence[Mapping[str, int]] = field(repr=False)
    gotos: Sequence[Mapping[str, int]] = field(repr=False)
    rules: Sequence[Rule] = field(repr=False)
    start: Mapping[str, int]
    end: Mapping[str, int]
    patterns: Mapping[str, str] = field(repr=False)
    ignored: str = field(repr=False)


@cache
def grammar() -> str:
    """The whole grammar as Lark source: the file and the terminals made from the tables."""
    text = files("tiaowen.grammar").joinpath("tiaowen.lark").read_text(encoding="utf-8")
    return f"{text}\n{terminals()}\n"


@cache
def tables() -> Tables:
    """The tables of the grammar, from the cache if it has them."""
    place = _cache_file()
    kept = _read(place) if place else None
    if kept is None:
        kept = _compute()
        if place:
            _write(place, kept)
    return _tables(kept)


# --- the cache


def _cache_file() -> Path | None:
    """Where these tables are kept; None where no cache can be written."""
    from platformdirs import user_cache_path

    key = sha256(f"{_FORM} {grammar()}".encode()).hexdigest()[:16]
    folder = Path(os.environ.get("TIAOWEN_CACHE") or user_cache_path("tiaowen"))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder / f"grammar-{key}.json" if os.access(folder, os.W_OK) else None


def _read(place: Path) -> dict[str, Any] | None:
    try:
        kept = json.loads(place.read_bytes())
    except (OSError, ValueError):
        return None
    return kept if isinstance(kept, dict) and kept.keys() == set(_KEYS) else None


def _write(place: Path, kept: Mapping[str, Any]) -> None:
    """All or nothing: a second process never sees half a file."""
    draft = place.with_suffix(f".{os.getpid()}")
    try:
        draft.write_text(json.dumps(kept, separators=(",", ":")), encoding="utf-8")
        draft.replace(place)
    except OSError:
        draft.unlink(missing_ok=True)


# --- the tables as plain data

_KEYS = ("actions", "gotos", "rules", "start", "end", "patterns", "ignored")


def _compute() -> dict[str, Any]:
    """The tables as JSON values, from Lark."""
    from lark import Lark
    from lark.parsers.lalr_analysis import Shift

    lark = Lark(grammar(), parser="lalr", start=list(STARTS), maybe_placeholders=False)
    made = lark.parser.parser._parse_table
    states = _numbered(made)
    rules: dict[Any, int] = {}
    actions: list[dict[str, int]] = []
    gotos: list[dict[str, int]] = []
    for state in states:
        action: dict[str, int] = {}
        goto: dict[str, int] = {}
        for symbol, (kind, target) in sorted(made.states[state].items(), key=itemgetter(0)):
            if kind is not Shift:
                action[symbol] = ~rules.setdefault(target, len(rules))
            elif symbol.isupper() or symbol == END:
                action[symbol] = states[target]
            else:
                goto[symbol] = states[target]
        actions.append(action)
        gotos.append(goto)
    ordered = sorted(lark.terminals, key=lambda t: (-t.priority, -t.pattern.max_width, t.name))
    return {
        "actions": actions,
        "gotos": gotos,
        "rules": [_rule(rule) for rule in rules],
        "start": {name: states[made.start_states[name]] for name in STARTS},
        "end": {name: states[made.end_states[name]] for name in STARTS},
        "patterns": {t.name: t.pattern.to_regexp() for t in ordered
                     if t.name not in lark.ignore_tokens},
        "ignored": "|".join(t.pattern.to_regexp() for t in ordered
                            if t.name in lark.ignore_tokens),
    }  # fmt: skip


def _numbered(made: Any) -> dict[Any, int]:
    """Lark's states by the order they are reached in, which is the same in every process."""
    from lark.parsers.lalr_analysis import Shift

    reached = {made.start_states[name]: place for place, name in enumerate(STARTS)}
    for state in (pending := list(reached)):
        for _, (kind, target) in sorted(made.states[state].items(), key=itemgetter(0)):
            if kind is Shift and target not in reached:
                reached[target] = len(reached)
                pending.append(target)
    return reached


def _rule(rule: Any) -> list[Any]:
    """One of Lark's rules as the values of a ``Rule``."""
    helper = rule.origin.name.startswith("_")
    kept = [i for i, symbol in enumerate(rule.expansion) if not getattr(symbol, "filter_out", 0)]
    lists = [i for i in kept if rule.expansion[i].name.startswith("_")]
    through = bool(rule.options.expand1) and not rule.alias and len(kept) == 1 and not lists
    name = "" if helper else str(rule.alias or rule.origin.name)
    return [name, str(rule.origin.name), len(rule.expansion), kept, lists, through]


def _tables(kept: Mapping[str, Any]) -> Tables:
    rules = tuple(
        Rule(sys.intern(name), sys.intern(origin), size, tuple(parts), frozenset(lists), through)
        for name, origin, size, parts, lists, through in kept["rules"]
    )
    return Tables(kept["actions"], kept["gotos"], rules, kept["start"], kept["end"],
                  kept["patterns"], kept["ignored"])  # fmt: skip
