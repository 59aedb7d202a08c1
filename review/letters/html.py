"""A letter as one page of HTML: nothing is fetched, it prints on A4 as it stands."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from tiaowen.review.letters.model import Letter, letter_data

if TYPE_CHECKING:
    from jinja2 import Template


def letter_html(letter: Letter) -> str:
    """``letter`` as a complete HTML document. Whatever comes from claim or policy is escaped."""
    return _template().render(letter=letter_data(letter), style=_data("letter.css"))


def _data(name: str) -> str:
    return (files("tiaowen.review.present") / "templates" / name).read_text(encoding="utf-8")


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True,
                              lstrip_blocks=True)  # fmt: skip
    return environment.from_string(_data("letter.html.j2"))
