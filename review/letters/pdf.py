"""A letter as PDF or as pictures of its pages, set by typst.

The letter's words reach the typesetter as data, not as markup, so nothing that a claim holds
can change the layout. The same letter gives the same bytes: its date stands for the file's.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from importlib.resources import files
from pathlib import Path
from typing import Literal

from tiaowen.dsl.diagnostics import Rejected, diagnose
from tiaowen.dsl.extras import need
from tiaowen.review.letters.fonts import choose_fonts, find_fonts
from tiaowen.review.letters.model import Letter, letter_data

_EPOCH = datetime(2000, 1, 1, tzinfo=timezone(timedelta(hours=8)))


def letter_pdf(letter: Letter, *, fonts: Sequence[Path] | None = None) -> bytes:
    """``letter`` as PDF/A-2b pages of A4.

    ``fonts`` are folders to take fonts from and from nowhere else. ``Rejected``: TW1003 without
    a Chinese font, TW0703 without the extra ``letter``, TW1005 where the font lacks a sign.
    """
    pages = _compiled(letter, fonts, "pdf")
    assert isinstance(pages, bytes)
    return pages


def letter_pages(letter: Letter, *, fonts: Sequence[Path] | None = None,
                 ppi: int = 72) -> tuple[bytes, ...]:  # fmt: skip
    """The pages of ``letter_pdf`` as PNG, ``ppi`` pixels to the inch."""
    pages = _compiled(letter, fonts, "png", ppi)
    return (pages,) if isinstance(pages, bytes) else tuple(pages)


def _compiled(letter: Letter, folders: Sequence[Path] | None, form: Literal["pdf", "png"],
              ppi: int | None = None) -> bytes | list[bytes]:  # fmt: skip
    typst = need("typst", "letter")
    found = find_fonts(folders)
    chosen = choose_fonts(found, "、".join(str(folder) for folder in folders or ()))
    data = json.dumps(letter_data(letter), ensure_ascii=False)
    _covered(data, chosen.files)
    source = (files("tiaowen.review.present") / "templates" / "letter.typ").read_bytes()
    compiler = typst.Compiler(source, font_paths=found, sys_inputs={
        "letter": data, "body": chosen.body, "heading": chosen.heading,
    })  # fmt: skip
    standards = ["a-2b"] if form == "pdf" else []
    made: bytes | list[bytes] | None = compiler.compile(
        format=form, ppi=ppi, pdf_standards=standards, timestamp=_EPOCH
    )
    assert made is not None
    return made


def _covered(text: str, fonts: Sequence[tuple[str, int]]) -> None:
    """Refuse signs that no font has: a name in a letter is never an empty box."""
    from fontTools.ttLib import TTFont

    lacking = {sign for sign in text if sign.isprintable()}
    for path, index in fonts:
        with TTFont(path, fontNumber=index, lazy=True) as font:
            known = font.getBestCmap()
        lacking = {sign for sign in lacking if ord(sign) not in known}
        if not lacking:
            return
    names = list(dict.fromkeys(Path(path).name for path, _ in fonts))
    raise Rejected([diagnose("TW1005", signs=sorted(lacking), font=names)])
