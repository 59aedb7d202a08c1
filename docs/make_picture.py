"""Draw the pictures of an explained decision from what the command really prints.

``python docs/make_picture.py`` writes ``docs/assets/decision.<lang>.svg``. Nothing in them is
typed by hand, and the same program and policy give the same bytes. Every run of text is drawn
to the width of its terminal cells, whatever font the reader's machine has.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator
from contextlib import redirect_stdout
from itertools import groupby
from pathlib import Path
from xml.sax.saxutils import escape

from rich.style import Style
from rich.text import Text

from tiaowen.apps.cli import run
from tiaowen.dsl.render.cells import cells

ROOT = Path(__file__).resolve().parent.parent
CLAIM = "examples/langfang-transfer.json"
HISTORY = "examples/langfang-transfer-history.json"
POLICY = "policies/langfang/resident-2024-draft.md"
WIDTH = 100
CELL, LINE, SIZE, MARGIN = 8, 20, 14, 18
"""Pixels: a terminal cell, a line, the letters, the frame."""

SHOWN = {
    "zh": (("结算说明", "案情"), ("结算单", "大额支付"), ("起付标准 =", "实际起付"),
           ("支付比例", "超封顶线")),
    "en": (("Settlement explained", "Facts"), ("Settlement statement", "large-cost fund"),
           ("deductible: standard =", "deductible: charged"),
           ("reimbursement ratio", "cut by the cap")),
}  # fmt: skip
"""The parts of the page in the picture: each from the next line that begins with the first words
to before the one that begins with the second."""

COLORS = ("#24292f", "#be1e2d", "#1a6e46", "#8c5a00", "#145aaa", "#783c96", "#006e78", "#6e7681")


def page(lang: str) -> list[Text]:
    """What ``tiaowen decide`` prints of the transfer, in colour, line by line."""
    stream = io.StringIO()
    words = (
        f"decide 住院 {CLAIM} --history {HISTORY} --policy {POLICY} --lang {lang} --color always"
    )
    before = Path.cwd()
    os.environ["COLUMNS"] = str(WIDTH)
    os.chdir(ROOT)
    try:
        with redirect_stdout(stream):
            code = run(words.split())
    finally:
        os.chdir(before)
    assert code == 0, f"decide ended with {code}"
    return [Text.from_ansi(line) for line in stream.getvalue().splitlines()]


def cut(lines: Iterable[Text], parts: Iterable[tuple[str, str]]) -> Iterator[Text]:
    """The lines of ``parts`` in their order, with … where others were left out."""
    wanted = list(parts)
    until, left_out = "", False
    for line in lines:
        if until and line.plain.startswith(until):
            until = ""
        if not until and wanted and line.plain.startswith(wanted[0][0]):
            until = wanted.pop(0)[1]
            if left_out:
                yield Text("…")
            left_out = False
        if until:
            yield line
        else:
            left_out = True
    assert not wanted, f"the page has no {wanted[0]}"


def picture(lang: str) -> str:
    """The SVG of the decision in ``lang``."""
    lines = list(cut(page(lang), SHOWN[lang]))
    width, height = WIDTH * CELL + 2 * MARGIN, len(lines) * LINE + 2 * MARGIN
    rows = [run for row, line in enumerate(lines) for run in drawn(line, row)]
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}">',
        f'<rect width="{width}" height="{height}" rx="8" fill="#fbfcfd" stroke="#d0d7de"/>',
        '<g font-family="Noto Sans Mono CJK SC, Sarasa Mono SC, Menlo, Consolas, monospace" '
        f'font-size="{SIZE}" fill="{COLORS[0]}" xml:space="preserve">',
        *rows, "</g>", "</svg>", "",
    ])  # fmt: skip


def drawn(line: Text, row: int) -> Iterator[str]:
    """The runs of one line: letters of one style and one width each."""
    styles = [Style.null()] * len(line.plain)
    for span in line.spans:
        style = span.style if isinstance(span.style, Style) else Style.parse(span.style)
        for at in range(span.start, span.end):
            styles[at] += style
    column = 0
    letters = zip(line.plain, styles, strict=True)
    for (style, wide), group in groupby(letters, lambda x: (x[1], cells(x[0]))):
        text = "".join(letter for letter, _ in group)
        if text.strip():
            yield _run(text, style, column, row)
        column += wide * len(text)


def _run(text: str, style: Style, column: int, row: int) -> str:
    number = style.color.number if style.color is not None else None
    marks = [
        f'fill="{COLORS[7] if style.dim else COLORS[number % 8] if number is not None else ""}"'
        if style.dim or number is not None else "",
        'font-weight="bold"' if style.bold else "",
    ]  # fmt: skip
    place = f'x="{MARGIN + column * CELL}" y="{MARGIN + row * LINE + SIZE}"'
    fit = f'textLength="{cells(text) * CELL}" lengthAdjust="spacingAndGlyphs"'
    return f"<text {' '.join(filter(None, [place, fit, *marks]))}>{escape(text)}</text>"


def main() -> None:
    """Write the pictures."""
    for lang in SHOWN:
        path = ROOT / "docs" / "assets" / f"decision.{lang}.svg"
        path.write_text(picture(lang), encoding="utf-8")


if __name__ == "__main__":
    main()
