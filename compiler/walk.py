"""Over a checked expression: its parts, and the same with parts replaced."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import attrs

from tiaowen.compiler import core as c

_CORE = tuple(c.Core.__args__)
_HOLDERS = (*_CORE, c.PickRow, c.RangeOf)
_MAY_HOLD = re.compile(r"\b(Core|Ref|PickRow|RangeOf|Matcher)\b")


_holding_fields: dict[type, tuple[str, ...]] = {}


def _holding(kind: type) -> tuple[str, ...]:
    """The fields of a record that its annotations let hold expressions."""
    found = _holding_fields.get(kind)
    if found is None:
        found = tuple(f.name for f in attrs.fields(kind) if _MAY_HOLD.search(str(f.type)))
        _holding_fields[kind] = found
    return found


def parts(node: Any) -> Iterator[c.Core]:
    """The expressions directly inside ``node``, in the order of its fields."""
    for name in _holding(type(node)):
        yield from _inside(getattr(node, name))


def _inside(value: Any) -> Iterator[c.Core]:
    if isinstance(value, _CORE):
        yield value
    elif isinstance(value, c.PickRow | c.RangeOf):
        yield from parts(value)
    elif isinstance(value, tuple):
        for item in value:
            yield from _inside(item)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _inside(item)


def every(node: c.Core) -> Iterator[c.Core]:
    """``node`` and everything inside it, outermost first."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(parts(current))


def rewrite(node: Any, change: Callable[[c.Core], c.Core]) -> Any:
    """``node`` with ``change`` applied to every expression inside it and then to itself."""
    changed: dict[str, Any] = {}
    for name in _holding(type(node)):
        old = getattr(node, name)
        new = _rewritten(old, change)
        if new is not old:
            changed[name] = new
    result = attrs.evolve(node, **changed) if changed else node
    return change(result) if isinstance(result, _CORE) else result


def _rewritten(value: Any, change: Callable[[c.Core], c.Core]) -> Any:
    if isinstance(value, _HOLDERS):
        return rewrite(value, change)
    if isinstance(value, tuple):
        items = tuple(_rewritten(item, change) for item in value)
        return items if any(a is not b for a, b in zip(items, value, strict=True)) else value
    if isinstance(value, Mapping):
        entries = {key: _rewritten(item, change) for key, item in value.items()}
        return entries if any(entries[k] is not value[k] for k in value) else value
    return value
