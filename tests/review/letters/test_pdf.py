"""Letters on paper: pages of A4 with Chinese signs, or a clear word why not."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from pypdf import PdfReader

from tiaowen.dsl.diagnostics import Diagnostic, Rejected
from tiaowen.review.letters import fonts, pdf
from tiaowen.review.letters.model import Column, Heading, Letter, Listing, Pairs, Paragraph, Part
from tiaowen.review.letters.model import Table as Rows

A4 = (595, 842)


def letter(*blocks: Paragraph | Rows, addressee: str = "王秀兰") -> Letter:
    parts = (Part("认定的事实", (Pairs((("险种", "城乡居民"),)), Heading("既往记录"),
                              Listing(("没有",)), *blocks)),)  # fmt: skip
    return Letter("廊坊市医疗保障局", "医疗保障待遇决定书", "〔2024〕17号", "", addressee,
                  "现决定如下。", parts, "廊坊市医疗保障局", "2024年4月29日")  # fmt: skip


def pages(made: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(made)).pages]


def refused(made: Letter, folders: Sequence[Path] | None = None) -> Diagnostic:
    with pytest.raises(Rejected) as caught:
        pdf.letter_pdf(made, fonts=folders)
    return caught.value.diagnostics[0]


def test_a_page_of_a4_with_its_words_and_number() -> None:
    made = pdf.letter_pdf(letter())
    box = PdfReader(io.BytesIO(made)).pages[0].mediabox
    assert (int(box.width), int(box.height)) == (A4[0], A4[1] - 1)
    [page] = pages(made)
    for words in ("廊坊市医疗保障局", "医疗保障待遇决定书", "王秀兰：", "一、认定的事实",
                  "（一）既往记录", "1. 没有", "— 1 —"):  # fmt: skip
        assert words in page


def test_the_same_letter_gives_the_same_bytes() -> None:
    assert pdf.letter_pdf(letter()) == pdf.letter_pdf(letter())


def test_a_long_table_goes_on_with_its_head() -> None:
    rows = tuple((str(n), f"第{n}项") for n in range(1, 121))
    made = pages(pdf.letter_pdf(letter(Rows((Column("序号"), Column("项目", 1)), rows))))
    assert len(made) > 2
    assert all("序号" in page for page in made)
    assert "第120项" in made[-1].replace(" ", "")


def test_marks_of_a_claim_are_words_and_no_markup() -> None:
    [page] = pages(pdf.letter_pdf(letter(Paragraph("#pagebreak() *粗* $x$ @ref \\ <a>"))))
    assert "#pagebreak() *粗* $x$ @ref \\ <a>" in page


def test_pages_as_pictures() -> None:
    [page] = pdf.letter_pages(letter(), ppi=36)
    assert page.startswith(b"\x89PNG")


def test_a_folder_without_fonts_is_said(tmp_path: Path) -> None:
    problem = refused(letter(), [tmp_path])
    assert (problem.code, problem.args["where"]) == ("TW1003", str(tmp_path))


def test_a_sign_that_the_font_lacks_is_said() -> None:
    shipped = fonts.shipped_folder()
    assert shipped is not None
    problem = refused(letter(addressee="王\U00020bb7"), [shipped])
    assert (problem.code, problem.args["signs"]) == ("TW1005", ["\U00020bb7"])


def test_without_the_extra_its_name_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    problem = refused(letter())
    assert (problem.code, problem.args["extra"]) == ("TW0703", "letter")


def test_the_shipped_fonts_are_enough() -> None:
    shipped = fonts.shipped_folder()
    assert shipped is not None
    chosen = fonts.choose_fonts(fonts.find_fonts([shipped]), "")
    assert (chosen.body, chosen.heading) == ("Noto Serif SC", "Noto Sans SC")
    assert pages(pdf.letter_pdf(letter(), fonts=[shipped]))
