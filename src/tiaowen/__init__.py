"""Tiaowen (条文): medical-insurance regulations that can be checked, run and explained.

    policy = tiaowen.load("policies/langfang/resident-2024-draft.md")
    decision = policy.decide("examples/langfang-stay.json")
    decision["统筹支付"], print(decision)

In a checkout every room of the package is a directory link to the folder of that name at the
top of the repository. A zip archive, or git on Windows without symbolic links, leaves small text
files or nothing in their place; importing the package then says so and says what to do.
"""

from os import path as _path
from typing import TYPE_CHECKING
from typing import Any as _Any

if TYPE_CHECKING:
    from tiaowen.apps.python import Decision, Policy, Settled, compile, load, load_for
    from tiaowen.dsl.diagnostics import Diagnostic, Rejected

__all__ = ["Decision", "Diagnostic", "Policy", "Rejected", "Settled", "compile", "load", "load_for"]

__version__ = "0.1.0"

ROOMS = ("grammar", "dsl", "compiler", "engine", "review", "apps", "policies")
"""The links under ``src/tiaowen``, from the ground up; ``policies`` holds data only."""


def _require_links(package: str) -> None:
    """Raise ImportError, naming the rooms, when ``package`` lies in a checkout without its links.

    An installed package has its rooms as plain directories and costs one look at the disk.
    """
    checkout = _path.dirname(_path.dirname(package))
    if not _path.isfile(_path.join(checkout, "pyproject.toml")):
        return
    absent = [room for room in ROOMS if not _path.isdir(_path.join(package, room))]
    if absent:
        raise ImportError(
            f"this checkout of tiaowen lacks the directory links {', '.join(absent)} "
            f"under {package}\n"
            "  on Linux and macOS: make links\n"
            "  on Windows: turn on Developer Mode, then\n"
            "    git config core.symlinks true\n"
            "    git checkout -- src/tiaowen\n"
            "  from a zip archive: clone the repository instead, or install a wheel"
        )


def __getattr__(name: str) -> _Any:
    """The names of the Python interface, imported when first asked for: a command that needs
    none of them does not wait for them."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    room = "dsl.diagnostics" if name in ("Diagnostic", "Rejected") else "apps.python"
    return getattr(import_module(f"{__name__}.{room}"), name)


_require_links(_path.dirname(_path.abspath(__file__)))
