"""Made-up claims: a city's years of encounters, for trying things without anyone's data.

What is made is plausible, not estimated: every share and rate stands in ``assumptions.py`` and
describes no real place. The same plan gives the same claims, whatever part of them is asked for
first, because each block of people draws from a stream of its own. Needs the extra ``batch``.
"""

from tiaowen.engine.synthetic.plan import BLOCK, Plan
from tiaowen.engine.synthetic.tables import claims, schema

__all__ = ["BLOCK", "Plan", "claims", "schema"]
