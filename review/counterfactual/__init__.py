"""Which facts would have changed a result: ``what_if`` asks, ``WhatIf`` is the answer."""

from tiaowen.review.counterfactual.asking import what_if as what_if
from tiaowen.review.counterfactual.model import WhatIf as WhatIf
