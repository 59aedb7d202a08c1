"""Paragraphs as a policy: headings, escaped text, and what is still to be encoded."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from attrs import frozen

from tiaowen.dsl.diagnostics import Diagnostic
from tiaowen.dsl.figures import Figure, figures
from tiaowen.dsl.literate import read_document
from tiaowen.dsl.normal import simplified
from tiaowen.dsl.source import Source
from tiaowen.review.scaffold.front import NUMBER, Given, front_of, preamble_of, title_of
from tiaowen.review.scaffold.lines import Line, is_markdown, paragraphs

UNENCODED = "未编码"
_WIDE_SPACE = re.compile(r"(?<=[\u4e00-\u9fff])[ \t\u3000]+(?=[\u4e00-\u9fff])")
_SPACES = re.compile(r"[ \t\u3000]+")
_SENTENCE = re.compile(r"[。；;，,：:]")
_LONGEST_HEADING = 30
_INLINE = re.compile(r"[\\`*<]|\[(?=[^\]]*\]\()|(?<![^\W_])_|_(?![^\W_])|~(?=~)|&(?=#?\w+;)")
_LEADING = re.compile(r"(?:#{1,6}(?=[ \t]|$)|>|[-+](?=[ \t]|$)|[=-]+$|~~~|\||:?-)")
_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")
_MOST_WORDS = 24


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
    write = (lambda text: text) if is_markdown(text) else escaped
    title = title_of(preamble_of(lines))
    for at, line in enumerate(lines):
        if title.start <= at < title.end:
            if at == title.start:
                whole = "".join(part.text for part in lines[title.start : title.end])
                body.append(f"# {write(whole)}")
            continue
        body += _written(line, bool(articles), write)
        found = _unexplained(line.text)
        listed += len(found)
        if found:
            body.append(_to_do(found))
    made = "\n\n".join([front.written(), *body]) + "\n"
    document = read_document(Source(name, made))
    return Scaffold(made, listed, articles, document.diagnostics)


def _unexplained(text: str) -> list[Figure]:
    """The figures of ``text`` that a rule will have to explain: not those of a document's
    number or a date with hyphens."""
    aside = [m.span() for m in (*NUMBER.finditer(simplified(text)), *_DATE.finditer(text))]
    return [
        f for f in figures(text)
        if f.kind == "quantity" and not any(a <= f.start < b for a, b in aside)
    ]  # fmt: skip


def _written(line: Line, articles: bool, write: Callable[[str], str]) -> Iterator[str]:
    """The Markdown blocks of a paragraph."""
    kind = line.marker.kind if line.marker else ""
    if kind in ("编", "章", "节") and len(line.body) <= _LONGEST_HEADING:
        words = _SPACES.sub(" ", _WIDE_SPACE.sub("", line.body))
        number = _SPACES.sub("", line.number)
        yield f"{'###' if kind == '节' else '##'} {number} {write(words)}".rstrip()
    elif kind == "条":
        yield f"### {_SPACES.sub('', line.number)}"
        if line.body:
            yield write(line.body)
    elif kind == "一" and not articles and _names(line.body):
        yield f"## {write(line.text)}"
    else:
        yield write(line.text)


def _names(body: str) -> bool:
    """Whether the words only name what follows: 二、主要政策."""
    return 0 < len(body) <= _LONGEST_HEADING and not _SENTENCE.search(body.rstrip("。"))


def escaped(text: str) -> str:
    """``text`` as a Markdown paragraph that shows it as it stands."""
    inner = _INLINE.sub(r"\\\g<0>", text)
    return f"\\{inner}" if _LEADING.match(inner) else inner


def _to_do(found: Sequence[Figure]) -> str:
    """A block of rules with nothing in it yet but the figures to be explained."""
    lines = [f"# {UNENCODED}: {f.text}{_belonging(f)}" for f in found]
    return "\n".join(["```tiao", *lines, "```"])


def _belonging(figure: Figure) -> str:
    words = _SPACES.sub(" ", figure.context[-_MOST_WORDS:]).strip(" ，、：:；;〔〕")
    return f"（{words}）" if words else ""
