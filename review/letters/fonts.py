"""Which Chinese fonts a letter is set in.

An official document's body is 仿宋, its headings 黑体. Where the machine has them they are
used; else the free Noto (思源) serif and sans that the extra ``letter`` brings. Letters are
never set in a font without Chinese signs: that would print empty boxes.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from tiaowen.dsl.diagnostics import Rejected, diagnose

if TYPE_CHECKING:
    import typst

BODY = (
    "FangSong", "仿宋", "FangSong_GB2312", "仿宋_GB2312", "STFangsong", "FandolFang",
    "Zhuque Fangsong (technical preview)", "Source Han Serif SC", "Noto Serif SC",
    "Noto Serif CJK SC", "Songti SC", "SimSun", "FandolSong",
)  # fmt: skip
HEADING = (
    "SimHei", "黑体", "STHeiti", "Heiti SC", "FandolHei", "Source Han Sans SC", "Noto Sans SC",
    "Noto Sans CJK SC", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "PingFang SC",
    "Microsoft YaHei",
)  # fmt: skip
"""Families by preference; the body may also be set in a heading's font, and the other way."""


@frozen
class Chosen:
    """The families of body and headings, and the Chinese fonts' files, the body's first: a sign
    that one lacks is taken from the next."""

    body: str
    heading: str
    files: tuple[tuple[str, int], ...]


def shipped_folder() -> Path | None:
    """The folder of the fonts that the extra ``letter`` brings; None where it is not there."""
    from importlib.util import find_spec

    found = find_spec("pylopdf_fonts_zh_cn")
    return Path(found.origin).parent if found is not None and found.origin else None


def find_fonts(folders: Sequence[Path] | None = None) -> typst.Fonts:
    """The fonts in ``folders`` alone, or without them the shipped ones and the machine's."""
    import typst

    if folders is not None:
        return typst.Fonts(False, False, [str(folder) for folder in folders])
    shipped = shipped_folder()
    return typst.Fonts(True, False, [str(shipped)] if shipped is not None else [])


def choose_fonts(fonts: typst.Fonts, where: str) -> Chosen:
    """The families to set a letter in. ``Rejected`` (TW1003) where none is Chinese; ``where``
    names what was searched, '' for the shipped fonts and the machine's."""
    found = fonts.fonts()
    families = {font.family for font in found}
    body = next((name for name in (*BODY, *HEADING) if name in families), None)
    heading = next((name for name in (*HEADING, *BODY) if name in families), None)
    if body is None or heading is None:
        raise Rejected([diagnose("TW1003", where=where, count=len(families))])
    order = {name: n for n, name in enumerate((body, *BODY, *HEADING))}
    known = [font for font in found if font.family in order and font.path]
    known.sort(key=lambda font: (font.family != body, order[font.family]))
    return Chosen(body, heading, tuple((str(font.path), font.index) for font in known))
