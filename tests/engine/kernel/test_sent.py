"""A kernel that is sent to another process decides there what it decides here, on any machine."""

from __future__ import annotations

import pickle

import pytest
from tests.bench.stays import stay
from tests.engine.kernel.agreeing import compiled, differences

from tiaowen.compiler.core import Program
from tiaowen.engine.kernel import Kernel, build

LANGFANG = "policies/langfang/resident-2024-draft.md"


@pytest.fixture(scope="module")
def program() -> Program:
    """The Langfang draft."""
    return compiled(LANGFANG).demand()


@pytest.fixture(scope="module")
def made(program: Program, tmp_path_factory: pytest.TempPathFactory) -> Kernel:
    """Its kernel of stays, compiled here."""
    return build(program, matters=["住院"], cache=tmp_path_factory.mktemp("cache"))


def test_a_kernel_that_was_sent_decides_the_same(made: Kernel, program: Program) -> None:
    sent: Kernel = pickle.loads(pickle.dumps(made))
    assert sent.call is not None
    assert sent.code == made.code
    assert differences(sent, program, [[stay(3)], [stay(7)]]) == []


def test_another_kind_of_machine_makes_its_own_code(made: Kernel, program: Program) -> None:
    elsewhere = Kernel(made.generated, made.call, b"code of another machine", "another machine")
    sent: Kernel = pickle.loads(pickle.dumps(elsewhere))
    assert sent.machine == made.machine
    assert differences(sent, program, [[stay(7)]]) == []


def test_a_kernel_run_as_python_stays_one(made: Kernel) -> None:
    sent: Kernel = pickle.loads(pickle.dumps(Kernel(made.generated)))
    assert sent.generated.source == made.generated.source
    assert sent.call is None
