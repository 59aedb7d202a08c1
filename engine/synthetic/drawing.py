"""Draws used throughout: a choice by weight, a spread around a median, counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np

Ints: TypeAlias = np.ndarray[Any, np.dtype[np.int64]]
Floats: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]
Flags: TypeAlias = np.ndarray[Any, np.dtype[np.bool_]]


def stream(seed: int, block: int) -> np.random.Generator:
    """The stream of one block: independent of every other block's, and of their order."""
    return np.random.Generator(np.random.Philox(np.random.SeedSequence(seed, spawn_key=(block,))))


def choices(draw: np.random.Generator, weights: Sequence[float], size: int) -> Ints:
    """``size`` indices, each drawn by its weight."""
    bounds = np.cumsum(np.asarray(weights, dtype=np.float64))
    found = np.searchsorted(bounds, draw.random(size) * bounds[-1], side="right")
    index: Ints = np.minimum(found, len(weights) - 1).astype(np.int64)
    return index


def spread(draw: np.random.Generator, medians: Floats, deviation: float) -> Floats:
    """A log-normal draw around each of ``medians``."""
    drawn: Floats = medians * np.exp(deviation * draw.standard_normal(len(medians)))
    return drawn


def weights(table: Sequence[tuple[Any, float]]) -> list[float]:
    return [weight for _, weight in table]
