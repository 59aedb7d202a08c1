"""A hospital's figures against the policy's: where they part, and what would explain it."""

from tiaowen.review.reconciliation.charged import read_charged as read_charged
from tiaowen.review.reconciliation.reconciling import reconcile as reconcile
