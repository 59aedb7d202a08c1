"""Paragraphs as a policy: headings, escaped text, and what is still to be encoded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from attrs import frozen

from tiaowen.dsl.diagnostics import Diagnostic
from tiaowen.dsl.figures import Figure, figures
from tiaowen.dsl.literate import read_document
from tiaowen.dsl.source import Source
from tiaowen.review.scaffold.front import Given, front_of, title_of
from tiaowen.review.scaffold.lines import Line, paragraphs

UNENCODED = "未编码"
_WIDE_SPACE = re.compile(r"(?<=[\u4e00-\u9fff])[ \t\u3000]+(?=[\u4e00-\u9fff])")
_SPACES = re.compile(r"[ \t\u3000]+")
_SENTENCE = re.compile(r"[。；;，,：:]")
_LONGEST_HEADING = 30
_INLINE = re.compile(r"[\\`*<]|\[(?=[^\]]*\]\()|(?<![^\W_])_|_(?![^\W_])|~(?=~)|&(?=#?\w+;)")
_LEADING = re.compile(r"(?:#{1,6}(?=[ \t]|$)|>|[-+](?=[ \t]|$)|[=-]+$|~~~|\||:?-)")
_LATIN_LIST = re.compile(r"^(\d{1,9})([.)])(?=[ \t]|$)")


@frozen
class Scaffold:
    """``text`` is the policy, ``figures`` how many figures it lists as unexplained, and
    ``diagnostics`` what the reader finds in its outline."""

    text: str
    figures: int
    articles: int
    diagnostics: tuple[Diagnostic, ...]


def scaffold(text: str, given: Given | None = None, name: str = "") -> Scaffold:
    """The plain ``text`` of a regulation as a policy, read again to see that it holds."""
    given = given or Given()
    lines = paragraphs(text)
    front = front_of(lines, given)
    articles = sum(1 for line in lines if line.marker and line.marker.kind == "条")
    body: list[str] = []
    listed = 0
    titles = _titles(lines)
    for at, line in enumerate(lines):
        body += _written(line, bool(articles), at in titles)
        found = [f for f in figures(line.text) if f.kind == "quantity"]
        listed += len(found)
        if found:
            body.append(_to_do(found, line.text))
    made = "\n\n".join([front.written(), *body]) + "\n"
    document = read_document(Source(name, made))
    return Scaffold(made, listed, articles, document.diagnostics)


def _titles(lines: Sequence[Line]) -> frozenset[int]:
    """The lines before the first number that are the regulation's name."""
    preamble = []
    for line in lines:
        if line.marker is not None:
            break
        preamble.append(line.text)
    title = title_of(preamble)
    ends = [at for at, text in enumerate(preamble) if text and title.endswith(text) and len(text) > 3]
    return frozenset(ends[-1:])


def _written(line: Line, articles: bool, title: bool) -> Iterator[str]:
    """The Markdown blocks of a paragraph."""
    kind = line.marker.kind if line.marker else ""
    if title:
        yield f"# {_inline(line.text)}"
    elif kind in ("编", "章", "节") and len(line.body) <= _LONGEST_HEADING:
        yield f"{'#' * (3 if kind == '节' else 2)} {_heading(line)}"
    elif kind == "条":
        yield f"{'###'} {_SPACES.sub('', line.number)}"
        if line.body:
            yield escaped(line.body)
    elif kind == "一" and not articles and _names(line.body):
        yield f"## {_inline(line.text)}"
    else:
        yield escaped(line.text)


def _names(body: str) -> bool:
    """Whether the words only name what follows: 二、主要政策."""
    return 0 < len(body) <= _LONGEST_HEADING and not _SENTENCE.search(body.rstrip("。"))


def _heading(line: Line) -> str:
    words = _SPACES.sub(" ", _WIDE_SPACE.sub("", line.body))
    return f"{_SPACES.sub('', line.number)} {_inline(words)}".rstrip()


def _inline(text: str) -> str:
    return _INLINE.sub(r"\\\g<0>", text)


def escaped(text: str) -> str:
    """``text`` as a Markdown paragraph that shows it as it stands."""
    inner = _INLINE.sub(r"\\\g<0>", text)
    if inner == text:
        inner = _LATIN_LIST.sub(r"\1\2", inner)
    return f"\\{inner}" if _LEADING.match(inner) else inner


def _to_do(found: Sequence[Figure], text: str) -> str:
    """A block of rules with nothing in it yet but the figures to be explained."""
    lines = [f"# {UNENCODED}: {f.text}{_belonging(f)}" for f in found]
    return "\n".join(["```tiao", *lines, "```"])


def _belonging(figure: Figure) -> str:
    words = _SPACES.sub(" ", figure.context).strip(" ，、：:；;")
    return f"（{words}）" if words else ""
