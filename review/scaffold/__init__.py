"""A regulation's plain text laid out as a policy, ready to be encoded.

Every word of the text is kept and none is added between the articles but comments: the outline
becomes headings, lines broken by a page are joined, and under each paragraph every figure is
listed that no rule explains yet.
"""

from __future__ import annotations

from tiaowen.review.scaffold.decoding import Decoded, decoded
from tiaowen.review.scaffold.front import Given
from tiaowen.review.scaffold.laying import Scaffold, scaffold

__all__ = ["Decoded", "Given", "Scaffold", "decoded", "scaffold"]
