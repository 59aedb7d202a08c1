"""A decision as one page of HTML: nothing is fetched, it prints as it stands."""

from __future__ import annotations

from collections.abc import Sequence

from tiaowen.compiler.core import Program
from tiaowen.dsl.catalogue import Lang
from tiaowen.dsl.diagnostics import Diagnostic
from tiaowen.engine.frames import Claim
from tiaowen.engine.telling.explanation import Explanation
from tiaowen.review.present.build import Lines, build
from tiaowen.review.present.templating import filled
from tiaowen.review.present.words import Labels, Words


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
    words = Words(lang, Labels())
    return filled("decision", ("decision",), report=report, words=words, lang=lang)
