"""A decision as one page of HTML: nothing is fetched, it prints as it stands."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from tiaowen.compiler.core import Program
from tiaowen.dsl.catalogue import Lang
from tiaowen.dsl.diagnostics import Diagnostic
from tiaowen.engine.explanation import Explanation
from tiaowen.engine.frames import Claim
from tiaowen.review.present.build import Lines, build
from tiaowen.review.present.words import Labels, Words

if TYPE_CHECKING:
    from jinja2 import Template


def render_html(explanation: Explanation, problems: Sequence[Diagnostic], lang: Lang, *,
                why_not: bool = False, lines: Lines = "table", claim: Claim | None = None,
                program: Program | None = None) -> str:  # fmt: skip
    """The decision as a complete HTML document; the parameters are those of ``render_text``.

    Whatever comes from the claim or the policy is escaped. Branches can be folded; printing
    shows them all.
    """
    report = build(
        explanation, problems, lang, claim=claim, program=program, why_not=why_not, lines=lines
    )
    style = _data("decision.css")
    return _template().render(report=report, words=Words(lang, Labels()), style=style, lang=lang)


def _data(name: str) -> str:
    return (files("tiaowen.review.present") / "templates" / name).read_text(encoding="utf-8")


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True,
                              lstrip_blocks=True)  # fmt: skip
    return environment.from_string(_data("decision.html.j2"))
