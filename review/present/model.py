"""What every rendering of a decision shows, worked out once: sections of plain words.

The renderers (text, Markdown, HTML) only lay these records out. Promised: every step of the
explanation is told exactly once, in the tree or, for fee lines, in their table; a later use
names it. The statement's lines are the roots, in the national order.
"""

from __future__ import annotations

from attrs import frozen

Pair = tuple[str, str]


@frozen
class Cited:
    """A rule's place: ``label`` is the article path or the national settlement order; ``quote``
    the words that matter, '' where they were quoted before or there are none."""

    label: str
    national: bool
    quote: str = ""
    basis: tuple[str, ...] = ()


@frozen
class Entry:
    """One state of a quantity: how it came about. ``before`` and ``change`` are of amendments."""

    step: str
    value: str
    symbols: str = ""
    numbers: str = ""
    before: str = ""
    change: str = ""
    condition: str = ""
    notes: tuple[str, ...] = ()
    cited: Cited | None = None


@frozen
class Branch:
    """A quantity, the states told here, and the quantities it rests on that are told here."""

    name: str
    where: str
    value: str
    entries: tuple[Entry, ...]
    children: tuple[Branch, ...] = ()


@frozen
class StatementRow:
    """``reason`` says why a line has no value; ``step`` is the step it comes from."""

    name: str
    value: str
    reason: str = ""
    step: str = ""
    fund: bool = False


@frozen
class Column:
    name: str
    numeric: bool = True


@frozen
class LineRule:
    """One rule of the fee lines, told once for all lines it was applied to."""

    name: str
    formula: str
    cited: Cited | None
    notes: tuple[str, ...] = ()


@frozen
class LineTable:
    """The fee lines: a row of cells per line under ``columns``; ``remarks`` say of each row why
    it is not paid, '' where it is."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...]
    rules: tuple[LineRule, ...]
    remarks: tuple[str, ...]
    details: tuple[Branch, ...] = ()


@frozen
class Item:
    """A line of a list: what, its detail, and its rule. ``mark`` is 'good', 'bad' or ''."""

    text: str
    detail: str = ""
    cited: Cited | None = None
    mark: str = ""


@frozen
class Section:
    """A titled list of items."""

    title: str
    items: tuple[Item, ...]


@frozen
class Report:
    """A decision as a reader sees it. ``facts`` are names with values; ``rest`` are steps that no
    line of the statement rests on; ``zeros`` are lines that no rule touches."""

    title: str
    policy: str
    head: tuple[Pair, ...]
    facts: tuple[Pair, ...]
    statement: tuple[StatementRow, ...]
    steps: tuple[Branch, ...]
    rest: tuple[Branch, ...] = ()
    zeros: Item | None = None
    lines: tuple[LineTable, ...] = ()
    sections: tuple[Section, ...] = ()
    problems: tuple[Item, ...] = ()
    stopped: str = ""
    foot: str = ""
