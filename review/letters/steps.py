"""A step's calculation, result and article as a letter writes them."""

from __future__ import annotations

from attrs import frozen

from tiaowen.engine.telling.explanation import Step
from tiaowen.review.present.model import Cited, Entry
from tiaowen.review.present.tree import Teller

NATIONAL = "国家结算接口"
"""How the national settlement order is cited where no article of the policy says it."""


@frozen
class Told:
    """A step as a row: ``law`` is the article path, '' where a fact stands for itself."""

    name: str
    formula: str
    value: str
    law: str


def told(step: Step, teller: Teller) -> Told:
    """``step`` as a letter tells it, with the place where it is of a part of the claim."""
    entry = teller.entry(step)
    where = teller.words.place(step.where)
    name = f"{step.quantity}（{where}）" if where else step.quantity
    return Told(name, formula(entry), entry.value, law(entry.cited))


def formula(entry: Entry) -> str:
    """The calculation in names and in figures, with what it depended on."""
    if entry.change:
        change = f"{entry.before} {entry.change}" if entry.before else entry.change
        parts = [change, entry.condition]
    else:
        parts = [" = ".join(p for p in (entry.symbols, entry.numbers) if p)]
    return "；".join(p for p in (*parts, *entry.notes) if p) or "依规定"


def law(cited: Cited | None) -> str:
    """An article path with the further articles it is read with."""
    return "；".join((cited.label, *cited.basis)) if cited is not None else ""
