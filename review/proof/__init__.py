"""Properties of a policy decided for all claims: proved, refuted by a claim, or only searched."""

from tiaowen.review.proof.deciding import Progress, prove
from tiaowen.review.proof.records import Answer, Counterexample, Proof, Property, Verdict

__all__ = ["Answer", "Counterexample", "Progress", "Proof", "Property", "Verdict", "prove"]
