"""`python -m tests.mutation [policy…]`: change every figure of the policies, one at a time."""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.mutation.report import WANTED, Tally, survivors, table
from tests.mutation.trial import trials, try_all

ROOT = Path(__file__).parent.parent.parent


def policy_paths(words: Sequence[str]) -> list[Path]:
    """The policies whose path has one of ``words`` in it; all of them for no word."""
    found = sorted((ROOT / "policies").glob("*/*.md"))
    return [p for p in found if not words or any(word in p.as_posix() for word in words)]


def tally(path: Path, *, jobs: int = 2, sample: int = 0, seed: int = 0) -> Tally:
    """Try the mutants of the policy at ``path``: all, or ``sample`` of them as ``seed`` draws."""
    subject = trials(path).subject
    numbers = range(len(subject.mutants))
    drawn = sorted(random.Random(seed).sample(numbers, min(sample, len(numbers))))
    outcomes = try_all(path, drawn if sample else numbers, jobs)
    return Tally.of(subject.name, outcomes, whole=not sample)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("policy", nargs="*", help="part of a policy's path")
    parser.add_argument("--jobs", type=int, default=2, help="processes (2)")
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="only N of each policy")
    parser.add_argument("--seed", type=int, default=0, help="which sample")
    options = parser.parse_args()
    paths = policy_paths(options.policy)
    if not paths:
        parser.error(f"no policy has {' or '.join(options.policy)} in its path")
    tallies = []
    for path in paths:
        tallies.append(tally(path, jobs=options.jobs, sample=options.sample, seed=options.seed))
        if text := survivors(tallies[-1]):
            print(text, flush=True)
    print(table(tallies))
    sys.exit(any(t.share < WANTED or t.stale for t in tallies))


if __name__ == "__main__":
    main()
