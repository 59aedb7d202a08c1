"""Collecting everything wrong with data before refusing it, without drowning the reader."""

from __future__ import annotations

from typing import Any

from attrs import Factory, define

from tiaowen.dsl.diagnostics import Diagnostic, Rejected, diagnose
from tiaowen.engine.claims.layout import Slot
from tiaowen.engine.claims.misfit import Misfit

MOST_LISTED = 100
MOST_COUNTED = 1000


@define
class Problems:
    """Findings in the order found. After the hundredth they are counted only, and when very
    many are, reading stops: looking for the nearest of each name takes time."""

    found: list[Diagnostic] = Factory(list)
    unlisted: int = 0

    def add(self, diagnostic: Diagnostic) -> None:
        """One more finding; ``Rejected`` at once where there are far too many."""
        if len(self.found) < MOST_LISTED:
            self.found.append(diagnostic)
        else:
            self.unlisted += 1
            if self.unlisted > MOST_COUNTED:
                self.settle()

    def misfit(self, misfit: Misfit, slot: Slot, place: str) -> None:
        """A value that its field cannot hold."""
        args: dict[str, Any] = {"name": slot.name, "code": slot.code, **misfit.args_named}
        self.add(diagnose(misfit.code, place=place, **args))

    def include(self, rejected: Rejected) -> None:
        """The findings of a part that was read by itself."""
        for diagnostic in rejected.diagnostics:
            self.add(diagnostic)

    def __bool__(self) -> bool:
        return bool(self.found)

    def settle(self) -> None:
        """Raise ``Rejected`` with all that was found; nothing where there is nothing."""
        if self.unlisted:
            many = {"zh": f"{MOST_COUNTED}多", "en": f"over {MOST_COUNTED}"}
            count = self.unlisted if self.unlisted <= MOST_COUNTED else many
            self.found.append(diagnose("TW0622", count=count))
        if self.found:
            raise Rejected(self.found)
