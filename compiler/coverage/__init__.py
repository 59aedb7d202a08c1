"""The rules explain the text: every sentence is encoded or set aside, and so is every figure."""

from tiaowen.compiler.coverage.covering import cover
from tiaowen.compiler.coverage.records import Count, Coverage, FigureCover, SentenceCover, Status

__all__ = ["Count", "Coverage", "FigureCover", "SentenceCover", "Status", "cover"]
