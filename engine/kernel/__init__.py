"""A policy as one loop over columns: the same decisions as the interpreter's, for millions.

``build`` compiles a policy's matters with the history they need; ``coverage`` says of each
matter why it cannot be. Needs the extra ``batch``.
"""

from tiaowen.engine.kernel.building import build as build
from tiaowen.engine.kernel.building import coverage as coverage
from tiaowen.engine.kernel.building import settling as settling
from tiaowen.engine.kernel.columns import Column as Column
from tiaowen.engine.kernel.columns import Given as Given
from tiaowen.engine.kernel.columns import Output as Output
from tiaowen.engine.kernel.graph import Unsupported as Unsupported
from tiaowen.engine.kernel.running import Kernel as Kernel
from tiaowen.engine.kernel.running import Openings as Openings
from tiaowen.engine.kernel.running import Settled as Settled
from tiaowen.engine.kernel.values import Stop as Stop
