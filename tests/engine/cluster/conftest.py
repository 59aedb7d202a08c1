"""One cluster and one session of Spark for all tests of clusters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.engine.cluster.standalone import QUICK_JAVA, SETTINGS, Standalone, standalone

from tiaowen.engine.cluster.session import Cluster, session


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standalone]:
    """A standalone master with two workers."""
    with standalone(tmp_path_factory.mktemp("spark")) as made:
        yield made


@pytest.fixture(scope="session")
def spark(cluster: Standalone) -> Iterator[Any]:
    """A session on the cluster."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("JAVA_TOOL_OPTIONS", QUICK_JAVA)
        with session(Cluster(cluster.url, SETTINGS)) as made:
            yield made
