"""Facts of a claim that could be otherwise: the enumeration that questions of "what if" and of
"what went wrong" share.

``Situation`` is a claim with its history, ``alternatives`` lists what could be otherwise in it,
``apply`` makes it so, and ``Court`` decides the result quickly.
"""
