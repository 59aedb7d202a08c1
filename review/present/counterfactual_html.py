"""What would have changed a result, as a page of its own: a picture of the effects, then each
with its steps. Nothing is fetched; it prints as it stands."""

from __future__ import annotations

from tiaowen.compiler import types as ty
from tiaowen.review.present.counterfactual import Shown, aside, how_read, left_out, notes, short
from tiaowen.review.present.templating import filled

IN_PICTURE = 12
"""Ways in the picture."""
_LONGEST = 34


def whatif_html(view: Shown) -> str:
    """``view`` as a complete HTML document.

    The picture is drawn where the extra ``report`` is there; ``Rejected`` (TW0703) names it
    where it is not.
    """
    say, words, identity = view.telling.say, view.telling.words, view.found.program.identity
    return filled(
        "counterfactual", ("decision", "counterfactual"),
        view=view, lang=words.lang, say=say, short=short, chart=_chart(view),
        leads=_leads(view), notes=list(notes(view)), left_out=left_out(view), aside=aside(view),
        line=words.name(view.found.measure.output.name), semicolon=words("semicolon"),
        foot=words("foot_digest", identity.digest[:16]),
    )  # fmt: skip


def _leads(view: Shown) -> list[str]:
    say, found = view.telling.say, view.found
    if found.problems:
        return [] if view.decidable else [say("undecidable")]
    if view.better:
        return [how_read(view)]
    nothing = not view.worse_count and not found.otherwise
    return [say("none_at_all" if nothing else "none")]


def _chart(view: Shown) -> str:
    """Bars of what each change brings, '' where there is nothing in yuan to show."""
    ways = [*view.better[:IN_PICTURE], *view.worse[:IN_PICTURE]]
    if not ways or view.found.measure.output.type != ty.MONEY:
        return ""
    from tiaowen.review.present.charts import Bar, Bars, chart_svg

    words = view.telling.words
    bars = tuple(
        Bar(_short(f"{way.number}. {way.brief}"), float(way.amount or 0) / 100, way.gain,
            "gain" if (way.amount or 0) > 0 else "loss")
        for way in ways
    )  # fmt: skip
    title = view.telling.say("chart", words.name(view.found.measure.output.name))
    return chart_svg(Bars(title, bars), words.lang)


def _short(text: str) -> str:
    """A change cut to the width a bar's name has; Chinese characters are two wide."""
    wide = 0
    for number, char in enumerate(text):
        wide += 2 if ord(char) > 0x2E7F else 1
        if wide > _LONGEST:
            return text[:number].rstrip() + "…"
    return text
