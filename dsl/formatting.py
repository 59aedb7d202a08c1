"""Rule blocks in one layout, with their comments where they were; the regulation untouched.

The promises: a formatted block parses to the same statements; formatting it again changes
nothing; every comment is kept; a block with a syntax error is left exactly as it is, and so
is every character outside the blocks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from tiaowen.dsl import tree as t
from tiaowen.dsl.chunks import cut
from tiaowen.dsl.keywords import Script, keywords
from tiaowen.dsl.layout import Comments, laid_out
from tiaowen.dsl.parser import Parsed, Start, parse_block
from tiaowen.dsl.printed import Piece
from tiaowen.dsl.printer import pieces
from tiaowen.dsl.source import NOWHERE, Source

START_OF: dict[str, Start] = {
    "tiao": "rule_statement",
    "性质": "rule_statement",
    "案例": "case_statement",
    "样例": "case_statement",
}
"""A block's kind -> what its statements are."""


def format_document(source: Source, script: Script = "zh") -> str:
    """The text of ``source``, a policy or a ``.tiao`` file, with every block formatted."""
    from tiaowen.dsl.literate import read_document

    document = read_document(source)
    text = document.source.text
    parts = [source.text[: len(source.text) - len(text)]]
    position = 0
    for block in document.blocks:
        parts.append(text[position : block.span.start])
        parts.append(format_block(block.text, script, START_OF[block.kind]))
        position = block.span.end
    return "".join([*parts, text[position:]])


def format_block(text: str, script: Script = "zh", kind: Start = "rule_statement") -> str:
    """One block's text formatted, at the margin it has; unchanged if it has a syntax error."""
    parsed = parse_block(Source("", text), 0, len(text), kind)
    if parsed.diagnostics or not (parsed.lines or any(parsed.after)):
        return text
    margin = _margin(text)
    line_end = "\r\n" if "\r\n" in text else "\n"
    lines = [margin + line if line else "" for line in _lines(parsed, script)]
    return line_end.join(lines) + (line_end if text.endswith("\n") else "")


def _margin(text: str) -> str:
    """The least indent of a line that is no table row."""
    indents = [
        line[: len(line) - len(body)]
        for line in text.split("\n")
        if (body := line.lstrip()) and body[0] not in "|｜"
    ]
    return min(indents, key=len, default="")


def _lines(parsed: Parsed, script: Script) -> Iterator[str]:
    """The lines of a block, with one blank line wherever there were any between statements."""
    begun = False
    for above, below in _parts(parsed, script):
        blank = False
        for line in above:
            if line:
                yield from [""] if blank and begun else []
                yield line
                begun = True
            blank = not line
        if below:
            yield from [""] if blank and begun else []
            yield from below
            begun = True


def _parts(parsed: Parsed, script: Script) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Comments and blank lines with the lines of the statement that follows them."""
    for line in parsed.lines:
        yield line.before, _statement(line, script)
    yield parsed.after, ()


def _statement(line: t.Line, script: Script) -> list[str]:
    printed = pieces(line.statement, script)
    written = line.statement.span.text
    has_rows = any(piece.kind == "row" for piece in printed)
    broken = isinstance(line.statement, t.Partition) or ("\n" in written and not has_rows)
    return laid_out(printed, broken, _placed(line, printed))


def _placed(line: t.Line, printed: Sequence[Piece]) -> Comments:
    """Each comment of the statement beside the piece that it stood beside."""
    above: dict[int, list[str]] = {}
    behind: dict[int, list[str]] = {}
    begins = [(at, number) for number, at in enumerate(_begins(line, printed)) if at >= 0]
    end = line.statement.span.end
    for comment in line.comments:
        following = [begin for begin in begins if begin[0] > comment.at]
        if comment.alone and following:
            above.setdefault(min(following)[1], []).append(comment.text)
        elif comment.at >= end:
            behind.setdefault(len(printed) - 1, []).append(comment.text)
        else:
            number = max(begin for begin in begins if begin[0] <= comment.at)[1]
            behind.setdefault(number, []).append(comment.text)
    return Comments(above, behind)


def _begins(line: t.Line, printed: Sequence[Piece]) -> Iterator[int]:
    """Where in the source each piece begins; -1 where that cannot be told."""
    span = line.statement.span
    read = cut(span.source.text, span.start, span.end).text if line.comments else ""
    position: dict[str, int] = {}
    for piece in printed:
        if piece.span != NOWHERE:
            yield piece.span.start
        elif not piece.keyword:
            yield -1
        else:
            found = _keyword(piece.keyword).search(read, position.get(piece.keyword, 0))
            position[piece.keyword] = found.end() if found else len(read)
            yield span.start + found.start() if found else -1


@cache
def _keyword(name: str) -> re.Pattern[str]:
    words = (re.escape(word) for spelt in keywords()[name].values() for word in spelt)
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)")
