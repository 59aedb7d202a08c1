"""Which facts of a claim a decision looked at.

Decisions are lazy: what was not looked at could have been anything. So a change of such facts
alone has no effect, and needs no deciding.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import evolve

from tiaowen.compiler.core import Value
from tiaowen.engine.frames import Claim
from tiaowen.review.alternatives.model import Place


class _Watched(dict[str, Value]):
    """A record that notes the fields asked for."""

    __slots__ = ("asked",)

    def __init__(self, record: Mapping[str, Value]) -> None:
        super().__init__(record)
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> Value:
        self.asked.add(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        if isinstance(name, str):
            self.asked.add(name)
        return super().__contains__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.asked.add(name)
        return super().get(name, default)


class Watch:
    """``claim`` is the same claim as was given, to be decided; ``looked_at`` then says at what.

    Reading all facts at once, as an explanation does not but a listing would, notes nothing.
    """

    def __init__(self, claim: Claim, places: dict[tuple[str, str, int], Place]) -> None:
        """``places`` are those made so far, so that thousands of decisions share them."""
        self._places = places
        self._fields = _Watched(claim.fields)
        self._elements = {
            name: tuple(_Watched(record) for record in records)
            for name, records in claim.collections.items()
        }
        self.claim = evolve(claim, fields=self._fields, collections=dict(self._elements))

    def looked_at(self) -> frozenset[Place]:
        """The facts asked for so far, given or not."""
        found = {self._place(name, "", -1) for name in self._fields.asked}
        for collection, records in self._elements.items():
            for index, record in enumerate(records):
                found.update(self._place(name, collection, index) for name in record.asked)
        return frozenset(found)

    def _place(self, name: str, collection: str, index: int) -> Place:
        key = (name, collection, index)
        if key not in self._places:
            self._places[key] = Place(name, collection, index)
        return self._places[key]
