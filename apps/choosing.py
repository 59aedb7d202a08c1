"""Which of the policies that came with the package decides a claim.

By the place of insurance, the kind of insurance and the date, and never by a guess: where none
fits, or several do, the user is told so. A draft is chosen only by name.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import frozen

from tiaowen.apps.files import read_text
from tiaowen.apps.programs import load_program
from tiaowen.dsl.diagnostics import Diagnostic, Rejected, diagnose
from tiaowen.dsl.source import Source

if TYPE_CHECKING:
    from tiaowen.compiler.core import Program
    from tiaowen.dsl.frontmatter import FrontMatter
    from tiaowen.engine.frames import Claim
    from tiaowen.engine.history.person import InForce

SHIPPED = Path(__file__).resolve().parent.parent / "policies"
VOCABULARY = "vocabulary.tiao"

PLACE, INSURANCE = "insuplc_admdvs", "insutype"
DAYS = ("endtime", "enddate", "setl_time", "begntime", "begndate")
"""The national codes of the fields a policy is chosen by; of the days, the first given."""


@frozen
class Shipped:
    """A policy of the package with what it says of itself."""

    path: Path
    front: FrontMatter


def shipped(folder: Path = SHIPPED) -> Iterator[Shipped]:
    """Every policy below ``folder``, by the order of the paths, which are relative to the
    current folder where they lie in it."""
    from tiaowen.dsl.frontmatter import read_front_matter

    if folder.is_relative_to(here := Path.cwd()):
        folder = folder.relative_to(here)
    for path in sorted(folder.glob("**/*.md")):
        front = read_front_matter(Source(str(path), read_text(path))).front
        if front is not None:
            yield Shipped(path, front)


def policy_named(name: str, folder: Path = SHIPPED) -> Path:
    """The file ``name``, else the policy of the package so called: ``chongqing/resident-2011``,
    with or without its suffix. Where there is neither, ``name`` as it stands: reading it says
    so."""
    path = Path(name)
    if not path.exists() and not path.is_absolute():
        for candidate in (folder / path, folder / f"{name}.md"):
            if candidate.is_file() and candidate.resolve().is_relative_to(folder.resolve()):
                return candidate
    return path


def choose(data: Any, on: date | None = None, folder: Path = SHIPPED) -> Path:
    """The policy below ``folder`` for claim ``data``, as it was read from JSON.

    ``on`` is the date to go by; without it the claim's discharge, else its settlement or
    admission. Raises ``Rejected``: TW0506 (none fits), TW0507 (several), TW0505 (not in force
    on the date), TW0515 (only a draft).
    """
    facts = _facts(data, load_program(folder / VOCABULARY))
    place, insurance = str(facts.get(PLACE, "")), str(facts.get(INSURANCE, ""))
    on = on or _first_day(facts)
    fitting = [
        policy
        for policy in shipped(folder)
        if _of_region(place, policy.front.region) and insurance in policy.front.insurance
    ]
    drafts = [policy for policy in fitting if policy.front.draft]
    real = [policy for policy in fitting if not policy.front.draft]
    chosen = [policy for policy in real if on is None or policy.front.in_force_on(on)]
    if len(chosen) == 1:
        return chosen[0].path
    raise Rejected([_refusal(place, insurance, on, chosen, real, drafts)])


def _refusal(place: str, insurance: str, on: date | None, chosen: list[Shipped],
             real: list[Shipped], drafts: list[Shipped]) -> Diagnostic:  # fmt: skip
    criteria = {
        "zh": f"参保地{place or '（未填）'}、险种{insurance or '（未填）'}"
        + (f"、{on}" if on else ""),
        "en": f"place of insurance {place or '(not given)'}, insurance "
        f"{insurance or '(not given)'}" + (f", {on}" if on else ""),
    }
    if chosen:
        return diagnose(
            "TW0507", criteria=criteria, policies=[f"{p.front.title}（{p.path}）" for p in chosen]
        )
    if real and on is not None:
        first = real[0].front
        return not_in_force(first.title, first.in_force, first.expires, on)
    if drafts:
        return diagnose("TW0515", policy=f"{drafts[0].front.title}（{drafts[0].path}）")
    return diagnose("TW0506", criteria=criteria)


def not_in_force(title: str, since: date | None, until: date | None, on: date) -> Diagnostic:
    """TW0505, with the period the policy is in force."""
    period = {"zh": f"{since}起" + (f"至{until}" if until else ""),
              "en": f"from {since}" + (f" to {until}" if until else "")}  # fmt: skip
    return diagnose("TW0505", policy=title, date=on.isoformat(), period=period)


def check_in_force(program: Program, on: date | None) -> None:
    """Refuse a policy that is not in force on ``on``; a draft was named, so it may be used."""
    identity = program.identity
    if on is None or identity.in_force is None:
        return
    if not _holds(identity.in_force, identity.expires, on):
        raise Rejected([not_in_force(identity.title, identity.in_force, identity.expires, on)])


def version_then(program: Program, folder: Path = SHIPPED) -> InForce:
    """Which version of ``program``'s policy decides an earlier claim: the one in force then.

    Versions are the policies below ``folder`` of the same region and insurance that are no
    drafts. What is given raises ``Rejected`` (TW0505, TW0507) for a claim of a day on which none
    or several were in force; a claim without a day is decided by ``program``.
    """
    own = program.identity

    def then(claim: Claim) -> Program:
        day = day_of(claim, program)
        if day is None or _holds(own.in_force, own.expires, day):
            return program
        versions = [
            policy
            for policy in shipped(folder)
            if policy.front.region == own.region
            and set(policy.front.insurance) & set(own.insurance)
            and not policy.front.draft
        ]
        fitting = [policy for policy in versions if policy.front.in_force_on(day)]
        if len(fitting) == 1:
            return load_program(fitting[0].path)
        insurance = "、".join(own.insurance)
        raise Rejected([_refusal(own.region, insurance, day, fitting, versions, [])])

    return then


def _holds(since: date | None, until: date | None, day: date) -> bool:
    return since is not None and since <= day and (until is None or day <= until)


def day_of(claim: Claim, program: Program) -> date | None:
    """The date by which a claim is decided: its discharge, else its settlement or admission."""
    from tiaowen.engine.claims.roles import Roles

    roles = Roles.of(program)
    found = (claim.fields.get(n) for n in (roles.discharge, roles.settled_at, roles.admission) if n)
    return _first_of(list(found))


def place_of(claim: Claim, program: Program) -> str | None:
    """The division a claim's person is insured in, None where the claim does not say."""
    from tiaowen.engine.claims.roles import named

    name = named(program.fields, PLACE)
    value = claim.fields.get(name) if name else None
    return value if isinstance(value, str) else None


def _facts(data: Any, vocabulary: Program) -> dict[str, Any]:
    """The fields a policy is chosen by, by national code; what cannot be read is left out, and
    reported when the claim is read."""
    from tiaowen.engine.claims.layout import layout_of, spelt
    from tiaowen.engine.claims.misfit import Misfit

    fields = layout_of(vocabulary).fields
    found: dict[str, Any] = {}
    for key, value in _flat(data):
        slot = fields.get(spelt(key, fields))
        if slot is None or slot.code not in (PLACE, INSURANCE, *DAYS):
            continue
        try:
            read = slot.convert(value)
        except Misfit:
            continue
        info = vocabulary.enums.get(slot.type.name)
        found[slot.code] = info.codes.get(str(read), read) if info is not None else read
    return found


def _flat(data: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(data, dict):
        for key, value in data.items():
            if isinstance(value, dict):
                yield from value.items()
            else:
                yield key, value


def _first_day(facts: dict[str, Any]) -> date | None:
    return _first_of([facts.get(code) for code in DAYS])


def _first_of(found: list[Any]) -> date | None:
    from tiaowen.compiler.moments import as_date

    return next((as_date(day) for day in found if isinstance(day, date)), None)


def _of_region(place: str, region: str) -> bool:
    """Whether division ``place`` is ``region`` or lies in it: 131081 lies in 131000."""
    if not place or not region:
        return False
    held = region[: 2 if region.endswith("0000") else 4 if region.endswith("00") else 6]
    return place.startswith(held)
