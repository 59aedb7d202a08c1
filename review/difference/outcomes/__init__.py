"""What two policies pay for the same claims: a grid, pictures' bends, and the simplest witnesses.

``compare_outcomes`` does all of it and gives the records of ``records``; text, pages and JSON are
renderings of these (``review/present/difference_outcomes.py`` and its neighbours).
"""

from tiaowen.review.difference.outcomes.comparing import comparable, compare_outcomes
from tiaowen.review.difference.outcomes.records import Outcomes

__all__ = ["Outcomes", "comparable", "compare_outcomes"]
