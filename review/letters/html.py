"""A letter as one page of HTML: nothing is fetched, it prints on A4 as it stands."""

from __future__ import annotations

from tiaowen.review.letters.model import Letter, letter_data
from tiaowen.review.present.templating import filled


def letter_html(letter: Letter) -> str:
    """``letter`` as a complete HTML document. Whatever comes from claim or policy is escaped."""
    return filled("letter", ("letter",), letter=letter_data(letter))
