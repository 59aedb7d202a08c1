"""Two policies compared: their figures, their rules, and what they decide.

``compare_policies`` does all of it and gives the records of ``records``.
"""

from tiaowen.review.difference.comparing import compare_policies
from tiaowen.review.difference.records import Difference

__all__ = ["Difference", "compare_policies"]
