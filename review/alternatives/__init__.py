"""Facts of a claim that could be otherwise: the enumeration that questions of "what if" and of
"what went wrong" share.

``Situation`` is a claim with its history, ``alternatives`` lists what could be otherwise in it,
``apply`` makes it so, and ``Court`` decides the result quickly.
"""

from tiaowen.review.alternatives.court import Court as Court
from tiaowen.review.alternatives.court import Halted as Halted
from tiaowen.review.alternatives.court import Refused as Refused
from tiaowen.review.alternatives.enumerating import Scope as Scope
from tiaowen.review.alternatives.enumerating import alternatives as alternatives
from tiaowen.review.alternatives.model import Added as Added
from tiaowen.review.alternatives.model import Alternative as Alternative
from tiaowen.review.alternatives.model import Change as Change
from tiaowen.review.alternatives.model import LeftOut as LeftOut
from tiaowen.review.alternatives.model import Place as Place
from tiaowen.review.alternatives.model import Setting as Setting
from tiaowen.review.alternatives.model import Situation as Situation
from tiaowen.review.alternatives.model import apply as apply
from tiaowen.review.alternatives.standing import standings as standings
