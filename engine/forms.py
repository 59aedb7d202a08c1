"""The form of every kind of expression, looked up by its class."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from tiaowen.compiler.core import Core
from tiaowen.engine.frames import Reader

Meaning: TypeAlias = Callable[[Any, Reader], Any]

_FORMS: dict[type, Meaning] = {}


def form(kind: type) -> Callable[[Meaning], Meaning]:
    """Say what expressions of class ``kind`` mean."""

    def register(meaning: Meaning) -> Meaning:
        _FORMS[kind] = meaning
        return meaning

    return register


def evaluate(core: Core, reader: Reader) -> Any:
    """The value of a checked expression read at ``reader``; ``Stopped`` where it has none."""
    return _FORMS[type(core)](core, reader)
