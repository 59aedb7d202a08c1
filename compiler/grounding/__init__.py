"""The text checks the rules: every figure of a rule stands where the rule says it does.

``ground`` compares; ``Grounding`` says for every figure how it is grounded.
"""

from tiaowen.compiler.grounding.checking import ground
from tiaowen.compiler.grounding.occurrences import Occurrence
from tiaowen.compiler.grounding.records import GroundedFigure, Grounding

__all__ = ["GroundedFigure", "Grounding", "Occurrence", "ground"]
