"""What a draft does to people and to the fund: a population settled under several policies.

``measure`` does it all. Of its parts, ``Effects`` streams the claims through every policy into a
table with a row for each claim; ``figures`` asks that table everything the report says, so that
every number of the report can be asked again by whoever has the table; ``reasons`` says why the
people most changed are.
"""

from tiaowen.review.impact.measuring import Asking, Measured, Side, chosen, measure
from tiaowen.review.impact.reasons import Population
from tiaowen.review.impact.records import Impact

__all__ = ["Asking", "Impact", "Measured", "Population", "Side", "chosen", "measure"]
