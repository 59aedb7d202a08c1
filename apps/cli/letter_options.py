"""The options of a decision letter: what the authority says, and the fonts to set it in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click
from attrs import Factory, frozen

from tiaowen.apps.cli.options import Decorator, day, every
from tiaowen.apps.cli.words import Say

if TYPE_CHECKING:
    from tiaowen.review.letters.model import Formalities


@frozen
class Telling:
    """How a letter is to be written: what the authority says, and the fonts to set it in."""

    letter: bool = False
    authority: str = ""
    number: str = ""
    issued: date | None = None
    served: date | None = None
    payee: str = ""
    review_body: str = ""
    court: str = ""
    fonts: tuple[Path, ...] = Factory(tuple)

    @property
    def formalities(self) -> Formalities:
        from tiaowen.review.letters.model import Formalities

        return Formalities(self.authority, self.number, self.issued, self.served, self.payee,
                           self.review_body, self.court)  # fmt: skip


def letter_options(say: Say) -> Decorator:
    """``--letter`` and what goes with it."""
    folder = say("目录", "FOLDER")
    on, name = say("日期", "DATE"), say("名称", "NAME")
    return every(
        click.option("--letter", is_flag=True,
                     help=say("写成决定书（中文）", "write the decision letter (in Chinese)")),
        click.option("--authority", default="", metavar=name,
                     help=say("作出决定的机关", "the authority that decides")),
        click.option("--number", default="", metavar=say("文号", "NUMBER"),
                     help=say("决定书的文号", "the letter's number")),
        click.option("--issued", callback=day, metavar=on,
                     help=say("作出决定的日期", "the day of the decision")),
        click.option("--served", callback=day, metavar=on,
                     help=say("送达日期，期限从此起算",
                              "the day of service: time limits run from it")),
        click.option("--payee", default="", metavar=name,
                     help=say("基金支付给谁", "whom the funds pay")),
        click.option("--review-body", default="", metavar=name,
                     help=say("行政复议机关", "the body to ask for review")),
        click.option("--court", default="", metavar=name,
                     help=say("有管辖权的人民法院", "the court to sue in")),
        click.option("--fonts", multiple=True, metavar=folder,
                     type=click.Path(path_type=Path),
                     help=say("只用这个目录里的字体，可多次",
                              "take fonts from this folder alone, may be repeated")),
    )  # fmt: skip


def only_letters(telling: Telling, say: Say) -> None:
    """Refuse what only a letter takes where none is asked for."""
    if not telling.letter and telling != Telling():
        raise click.UsageError(
            say("机关、日期等选项只用于决定书，请加 --letter",
                "authority, dates and fonts are of letters: add --letter"))  # fmt: skip


def font_folders(named: Sequence[Path]) -> Sequence[Path] | None:
    """The folders named for fonts, each of which has to be there; None where none was named."""
    from tiaowen.dsl.diagnostics import Rejected, diagnose

    missing = [path for path in named if not path.is_dir()]
    if missing:
        raise Rejected([diagnose("TW0701", path=str(path)) for path in missing])
    return named or None
