"""The table of effects as figures are asked of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

SCALE = 10**6
"""Weights have six decimals: sums are made in millionths."""


@frozen
class Asked:
    """What figures are asked of: ``table`` stands behind FROM; ``weighted`` where its column
    ``weight`` says how many each claim stands for; ``samples`` is how often people are drawn again
    to tell what a sample leaves open, 0 for a whole population; ``funds`` are by code."""

    connection: Any
    table: str
    weighted: bool = False
    samples: int = 0
    funds: Mapping[str, str] = field(factory=dict)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self.connection.sql(sql).fetchall()
        return found

    def has(self, column: str) -> bool:
        return column in self.connection.sql(f"SELECT * FROM {self.table} LIMIT 0").columns

    @property
    def weight(self) -> str:
        """What a claim stands for, in the unit that sums are made in."""
        return f"CAST(weight * {SCALE} AS HUGEINT)" if self.weighted else "1"

    def sum_of(self, value: str) -> str:
        """SQL of a sum over people, of whom each stands for ``w``."""
        return f"coalesce(sum(w * ({value})), 0)"

    def people_of(self, when: str) -> str:
        """SQL of how many people of whom ``when`` is true stand for."""
        return f"coalesce(sum(w) FILTER (WHERE {when}), 0)"

    def whole(self, told: int) -> int:
        """A sum in 分, claims or people, rounded half up where it is of weights."""
        return (2 * told + SCALE) // (2 * SCALE) if self.weighted else int(told)


def fen(column: str) -> str:
    """SQL of a column of yuan in 分."""
    return f"CAST({column} * 100 AS BIGINT)"


def both(key: str) -> str:
    """SQL of the claims that both sides settle: all amounts are of these."""
    return f"fund_base IS NOT NULL AND fund_{key} IS NOT NULL"
