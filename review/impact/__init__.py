"""What a draft does to people and to the fund: a population settled under several policies.

``effects`` streams the claims through all of them into a table with a row for each claim;
``figures`` asks that table everything the report says, so that every number of the report can be
asked again by whoever has the table.
"""

from tiaowen.review.impact.effects import Settlement, effects
from tiaowen.review.impact.figures import figures
from tiaowen.review.impact.records import Impact

__all__ = ["Impact", "Settlement", "effects", "figures"]
