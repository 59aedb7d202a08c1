"""What is to be made: how many people, of which place and scheme, over which years."""

from __future__ import annotations

from attrs import field, frozen, validators

from tiaowen.engine.synthetic.assumptions import GROUPS

BLOCK = 1 << 15
"""People made at once; part of what a plan means, since each block has its own stream."""


@frozen
class Plan:
    """``people`` of ``region`` (a division's code) in scheme ``insurance``, from 1 January of
    ``first_year`` over ``years`` years; ``visits`` outpatient visits a person and year on
    average; fee lines where ``lines``. ``districts`` are the divisions people live in, empty for
    the region itself. ``ValueError`` for what cannot be made.
    """

    people: int = field(validator=validators.ge(1))
    seed: int = field(validator=validators.ge(0))
    region: str = field(validator=validators.matches_re(r"\d{6}"))
    insurance: str = field(default="390", validator=validators.in_(GROUPS))
    first_year: int = field(default=2024, validator=[validators.ge(1950), validators.le(2099)])
    years: int = field(default=1, validator=[validators.ge(1), validators.le(50)])
    visits: float = field(default=0.0, validator=[validators.ge(0), validators.le(60)])
    lines: bool = True
    districts: tuple[str, ...] = ()

    @property
    def blocks(self) -> int:
        return -(-self.people // BLOCK)

    def size_of(self, block: int) -> int:
        """How many people block number ``block`` holds."""
        return min(BLOCK, self.people - block * BLOCK)

    @property
    def homes(self) -> tuple[str, ...]:
        return self.districts or (self.region,)

    @property
    def capital(self) -> str:
        """Where people of the region go within their province: its capital's division."""
        return self.region[:2] + "0100"
