"""The templates of pages and their styles: read from the package, escaped, each read once."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Template


def filled(page: str, styles: tuple[str, ...], /, **values: Any) -> str:
    """The template ``page`` (``decision`` for decision.html.j2) as a complete HTML document with
    the style sheets ``styles``, one after the other. Whatever comes from a claim or a policy is
    escaped; a value the template asks for and is not given is a mistake here, and raises."""
    style = "".join(_text(f"{name}.css") for name in styles)
    return _template(page).render(style=style, **values).lstrip("\n")


@cache
def _template(page: str) -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True,
                              lstrip_blocks=True)  # fmt: skip
    return environment.from_string(_text(f"{page}.html.j2"))


@cache
def _text(name: str) -> str:
    return (files("tiaowen.review.present") / "templates" / name).read_text(encoding="utf-8")
