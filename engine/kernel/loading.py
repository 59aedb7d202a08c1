"""LLVM's text made into machine code, and machine code into something that can be called."""

from __future__ import annotations

import ctypes
import platform
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from attrs import define


def _machine() -> Any:
    """The machine at hand. An engine owns the one it is made with and takes it along when it
    goes, so each use has its own."""
    import llvmlite.binding as llvm

    _choices_stay_choices()
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    target = llvm.Target.from_default_triple()
    return target.create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=llvm.get_host_cpu_features().flatten(), opt=2,
        reloc="default", codemodel="jitdefault", jit=True,
    )  # fmt: skip


@cache
def _choices_stay_choices() -> None:
    """Whether a claim is its person's first, or over a cap, no processor foresees: a choice that
    LLVM would turn into a jump costs more than both of its sides."""
    import llvmlite.binding as llvm

    if platform.machine().lower() in ("x86_64", "amd64"):
        llvm.set_option("", "-x86-cmov-converter=0")


def machine_name() -> str:
    """What machine code is good for: the processor and the version of LLVM."""
    import llvmlite
    import llvmlite.binding as llvm

    version = ".".join(map(str, llvm.llvm_version_info))
    return (
        f"{llvm.get_default_triple()} {llvm.get_host_cpu_name()} {llvmlite.__version__} {version}"
    )


def object_code(text: str) -> bytes:
    """The machine code of a module."""
    import llvmlite.binding as llvm

    machine = _machine()
    module = llvm.parse_assembly(text)
    module.triple, module.data_layout = machine.triple, str(machine.target_data)
    options = llvm.create_pipeline_tuning_options(speed_level=1)
    builder = llvm.create_pass_builder(machine, options)
    _seldom_called(module, builder)
    builder.getModulePassManager().run(module, builder)
    code: bytes = machine.emit_object(module)
    return code


def _seldom_called(module: Any, builder: Any) -> None:
    """What tells why a row is refused is much of a module and runs for few rows: the first steps
    of the optimisation are enough for it."""
    import llvmlite.binding as llvm

    passes = llvm.create_new_function_pass_manager()
    passes.add_sroa_pass()
    passes.add_instruction_combine_pass()
    passes.add_simplify_cfg_pass()
    for function in module.functions:
        if function.name.startswith("why_"):
            passes.run(function, builder)
            function.add_function_attribute("optnone")


@define(eq=False)
class Code:
    """Machine code in memory; calling it gives other threads their turn."""

    engine: Any
    function: Any

    def __call__(self, begin: int, end: int, arrays: Sequence[Any]) -> None:
        pointers = (ctypes.c_void_p * len(arrays))(*(array.ctypes.data for array in arrays))
        self.function(begin, end, pointers)


def loaded(code: bytes) -> Callable[[int, int, Sequence[Any]], None]:
    """The function ``entry`` of machine code."""
    import llvmlite.binding as llvm

    machine = _machine()
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    address = engine.get_function_address("entry")
    kind = ctypes.CFUNCTYPE(None, ctypes.c_int64, ctypes.c_int64, ctypes.c_void_p)
    return Code(engine, kind(address))
