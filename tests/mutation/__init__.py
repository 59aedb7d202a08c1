"""How well the worked cases hold the figures of the policies.

Every figure of every rule is changed, one at a time. A change that no case notices is a figure
that nobody worked out by hand: the report names it. What only grounding notices is counted
apart, and changes that change nothing are listed, each with its reason, in ``equivalent.toml``.
"""
