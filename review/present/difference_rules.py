"""What became of the rules, as a page: each change with the words of both texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tiaowen.engine.telling.rule_names import ASIDE
from tiaowen.review.difference.rule_records import CHANGE_KINDS, Passage, RuleChange, Rules
from tiaowen.review.present.difference_words import Said
from tiaowen.review.present.page import Block, Heading, Point, Points, Prose

BRIEF = ("moved", "reworded", "renamed")
"""Kinds that change no decision: told in a line each, or by article."""
_ALONE = {"removed": "alone_first", "added": "alone_second", "moved": "elsewhere"}
"""What the kinds are called of two policies that are not versions of one."""


def rule_blocks(rules: Rules, said: Said, every_rule: bool) -> Iterator[Block]:
    """The changes by kind, what changes decisions first."""
    yield Heading(said.say("rules"))
    yield Prose(said.say("kept", rules.kept))
    if not rules.changes:
        yield Prose(said.say("no_rules"), strong=True)
        return
    condensed = not every_rule and _mostly_alone(rules)
    if condensed:
        yield Prose(said.say("condensed"))
    for kind in CHANGE_KINDS:
        changes = rules.of(kind)
        if not changes:
            continue
        name = _ALONE.get(kind, kind) if condensed else kind
        yield Heading(said.say("count_rules", said.say(name), len(changes)), 2)
        if kind == "renamed":
            yield Points(tuple(_renamed(changes, said)))
        elif kind == "reworded":
            yield Points(tuple(_reworded(changes, said)))
        elif kind in BRIEF or (condensed and kind in ("added", "removed")):
            yield Points(tuple(_by_article(changes, said)))
        else:
            yield Points(tuple(_change(change, said) for change in changes))


def _mostly_alone(rules: Rules) -> bool:
    """Whether the two are hardly versions of one policy."""
    alone = len(rules.of("added")) + len(rules.of("removed"))
    return alone > rules.kept


def _change(change: RuleChange, said: Said) -> Point:
    """Both rules with their words; words that are alike once, with what differs marked."""
    marked = marked_words(change)
    below = [
        point
        for passage, name in ((change.before, "first"), (change.after, "second"))
        if passage is not None
        for point in _passage(passage, said.say(name), said, quoted=not marked)
    ]
    if marked:
        below.append(Point(f"{said.say('words')}{said('separator')}“{marked}”"))
    return Point(_title(change, said), "", tuple(below))


def marked_words(change: RuleChange) -> str:
    """The words of A with [A→B] where those of B are others; '' where they are too different."""
    if not change.marks or change.before is None:
        return ""
    text, found, at = change.before.words, "", 0
    for mark in change.marks:
        found += text[at : mark.a_at]
        at = mark.a_at + len(mark.a)
        both = (
            f"{mark.a}→{mark.b}" if mark.a and mark.b else f"+{mark.b}" if mark.b else f"−{mark.a}"
        )
        found += f"[{both}]"
    return _words(found + text[at:])


def _title(change: RuleChange, said: Said) -> str:
    name = said.name(change.quantity)
    if change.renamed:
        name = said.say("renamed_to", name, said.name(change.renamed))
    where = said("list").join(map(said.name, change.matters))
    what = said.say(f"rule_{change.rule}")
    return said.say("figure_of", f"{what} {name}", where) if where else f"{what} {name}"


def _passage(passage: Passage, name: str, said: Said, quoted: bool) -> Iterator[Point]:
    words = (Point(f"“{_words(passage.words)}”"),) if quoted and passage.words else ()
    yield Point(f"{name}{said('separator')}{rule_in_a_line(passage.rule)}", passage.article, words)


def rule_in_a_line(rule: str) -> str:
    """A rule as written, in one line: rows of its table one after the other, without clauses
    that only cite or name."""
    plain: list[str] = []
    rows: list[list[str]] = []
    for line in rule.splitlines():
        text = line.strip()
        if text.startswith("|"):
            cells = [cell.strip() for cell in text.strip("|").split("|")]
            if any(cells[1:]) or not rows:
                rows.append([cell for cell in cells if cell])
        elif text:
            plain.append(text)
    body = " ".join(plain)
    if rows:
        table = "；".join(" ".join(row) for row in rows)
        at = body.find("=") + 1
        body = f"{body[:at]} {table} {body[at:].strip()}"
    return " ".join(ASIDE.sub("", f" {body}").split())


def _words(words: str) -> str:
    return "".join(words.split("\n"))


def _by_article(changes: Sequence[RuleChange], said: Said) -> Iterator[Point]:
    """The quantities of each pair of articles in one line."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for change in changes:
        articles = (_article(change.before), _article(change.after))
        found.setdefault(articles, {})[said.name(change.quantity)] = None
    for (before, after), names in found.items():
        way = before if before == after or not after else after
        if before and after and before != after:
            way = said.say("renamed_to", before, after)
        yield Point(said("list").join(names), way)


def _reworded(changes: Sequence[RuleChange], said: Said) -> Iterator[Point]:
    """Each text that reads otherwise once, with the rules that rest on it."""
    found: dict[tuple[str, str, str], list[RuleChange]] = {}
    for change in changes:
        assert change.before is not None
        assert change.after is not None
        words = (change.before.words, change.after.words)
        found.setdefault((change.before.article, *words), []).append(change)
    for (article, before, after), some in found.items():
        names = dict.fromkeys(said.name(change.quantity) for change in some)
        marked = marked_words(some[0])
        texts = [marked] if marked else [
            f"{said.say(name)}{said('separator')}{_words(words)}"
            for name, words in (("first", before), ("second", after))
        ]  # fmt: skip
        below = tuple(Point(f"“{text}”" if marked else text) for text in texts)
        yield Point(said("list").join(names), article, below)


def _article(passage: Passage | None) -> str:
    return passage.article if passage is not None else ""


def _renamed(changes: Iterable[RuleChange], said: Said) -> Iterator[Point]:
    for change in changes:
        yield Point(said.say("renamed_to", change.quantity, change.renamed))
