"""Two copies of one regulation, of any quality: what sets them apart, and one text of both.

The unit is the sentence. Script, width, space and the way numbers are written count for
nothing; every other difference is told, each sentence once, with its place in both copies.
"""

from __future__ import annotations

from tiaowen.review.collation.collating import collate
from tiaowen.review.collation.model import (
    Alone,
    Collation,
    Copy,
    Differing,
    Mark,
    Moved,
    Renumbered,
    Repeated,
    Side,
    Unit,
)

__all__ = ["Alone", "Collation", "Copy", "Differing", "Mark", "Moved", "Renumbered", "Repeated",
           "Side", "Unit", "collate"]  # fmt: skip
