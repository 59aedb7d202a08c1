"""Machine code of a generated kernel, through LLVM.

The text of a kernel is a small part of Python: whole numbers, arrays, ``if``, ``while`` and
``for`` over ranges, calls of the prelude. It is written here as LLVM's own text, each variable
a cell that LLVM turns into a register. Variables are of 64 bits; those whose name begins with
w, and every expression they stand in, are of 128. Numba compiles the same text, but infers
every type again: for the matters of 济南 it takes 15 s where this takes 0.4 s, and it takes
0.3 s merely to be imported.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping
from pathlib import Path

from attrs import Factory, define

from tiaowen.engine.kernel import prelude

_COMPARED = {ast.Eq: "eq", ast.NotEq: "ne", ast.Lt: "slt", ast.LtE: "sle", ast.Gt: "sgt",
             ast.GtE: "sge"}  # fmt: skip
_INFIX = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.RShift: "ashr", ast.BitAnd: "and"}
_APART = ("common_divisor", "common_multiple")
"""Functions of the prelude with loops of divisions: long to optimise wherever they are called."""
_CELLS = {"int64": "i64", "int32": "i32", "int16": "i16", "uint8": "i8"}


class Untranslatable(Exception):
    """A kernel's text holds what this module has no machine code for: a mistake in it."""


def module_text(source: str, cells: Mapping[str, str]) -> str:
    """LLVM's text of the module whose function ``entry(begin, end, pointers)`` runs ``source``.

    ``cells`` gives each array's type of cell (int64, int32, int16, uint8), in the order of the
    function's parameters.
    """
    types = {name: _CELLS[cell] for name, cell in cells.items()}
    bodies = []
    for function in ast.parse(source).body:
        assert isinstance(function, ast.FunctionDef)
        bodies.append(_Function(types, 64, seldom=function.name != "run").function(function))
    division = Path(__file__).with_name("wide_division.ll").read_text(encoding="utf-8")
    parts = [division, *_prelude(), *bodies, _entry(tuple(types))]
    return "\n".join(parts)


def _entry(arrays: tuple[str, ...]) -> str:
    lines = ["define void @entry(i64 %begin, i64 %end, ptr %all) {"]
    for n in range(len(arrays)):
        lines.append(f"  %a{n} = getelementptr ptr, ptr %all, i64 {n}")
        lines.append(f"  %p{n} = load ptr, ptr %a{n}")
    given = "".join(f", ptr %p{n}" for n in range(len(arrays)))
    lines.append(f"  call void @run(i64 %begin, i64 %end{given})")
    return "\n".join([*lines, "  ret void", "}"])


def _prelude() -> Iterator[str]:
    """Every function of the prelude, for both widths."""
    for name in prelude.__all__:
        if name == "udiv":
            continue
        [function] = ast.parse(inspect.getsource(getattr(prelude, name))).body
        assert isinstance(function, ast.FunctionDef)
        for width in (64, 128):
            yield _Function({}, width, name=f"{name}_{width}").function(function)


@define
class _Value:
    """A name or number of LLVM's text and its bits."""

    text: str
    bits: int


@define
class _Function:
    """One function being written."""

    arrays: Mapping[str, str]
    bits: int
    name: str = ""
    seldom: bool = False
    """Called for few rows, leaving the registers of those that do not call as they are."""
    lines: list[str] = Factory(list)
    variables: dict[str, int] = Factory(dict)
    count: int = 0
    ended: bool = False

    def function(self, node: ast.FunctionDef) -> str:
        parameters = [arg.arg for arg in node.args.args]
        numbers = [p for p in parameters if p not in self.arrays]
        for name in numbers:
            self._cell(name)
            self.emit(f"store i{self.variables[name]} %{name}, ptr %v_{name}")
        self.body(node.body)
        whole = bool(self.arrays) and not self.seldom
        returned = "void" if whole else f"i{self.bits}"
        if not self.ended:
            self.emit("ret void" if whole else "unreachable")
        listed = ", ".join(
            f"ptr noalias nocapture %{p}" if p in self.arrays else f"i{self.variables[p]} %{p}"
            for p in parameters
        )
        cells = [f"  %v_{name} = alloca i{bits}" for name, bits in self.variables.items()]
        apart = self.arrays or node.name in _APART
        kind = "cold noinline" if self.seldom else "noinline" if apart else ""
        convention = "preserve_mostcc " if self.seldom else ""
        name = self.name or node.name
        head = f"define internal {convention}{returned} @{name}({listed}) {kind} nounwind {{"
        return "\n".join([head, "entry:", *cells, *self.lines, "}"])

    def _cell(self, name: str) -> int:
        if name not in self.variables:
            self.variables[name] = 128 if name.startswith("w") and self.arrays else self.bits
        return self.variables[name]

    # --- text

    def emit(self, text: str) -> None:
        self.lines.append(f"  {text}")

    def put(self, text: str, bits: int) -> _Value:
        """An instruction that gives a value."""
        self.count += 1
        self.emit(f"%.{self.count} = {text}")
        return _Value(f"%.{self.count}", bits)

    def label(self) -> str:
        self.count += 1
        return f".b{self.count}"

    def start(self, label: str) -> None:
        self.lines.append(f"{label}:")
        self.ended = False

    def go(self, label: str) -> None:
        if not self.ended:
            self.emit(f"br label %{label}")
        self.ended = True

    def branch(self, test: ast.expr, then: str, otherwise: str) -> None:
        held = self.truth(self.of(test))
        self.emit(f"br i1 {held.text}, label %{then}, label %{otherwise}")
        self.ended = True

    # --- statements

    def body(self, statements: list[ast.stmt]) -> None:
        for statement in statements:
            self.statement(statement)

    def statement(self, node: ast.stmt) -> None:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)]):
                bits = self._cell(name)
                value = self.resized(self.of(node.value, bits), bits)
                self.emit(f"store i{bits} {value.text}, ptr %v_{name}")
            case ast.Assign(targets=[ast.Subscript() as target]):
                place, cell = self.place(target)
                bits = int(cell[1:])
                value = self.resized(self.of(node.value), bits)
                self.emit(f"store {cell} {value.text}, ptr {place}")
            case ast.If():
                self.choice(node)
            case ast.While():
                self.loop(node.test, node.body, [])
            case ast.For(target=ast.Name(id=name), iter=ast.Call(args=[begin, end])):
                self.counted(name, begin, end, node.body)
            case ast.Return():
                assert node.value is not None
                value = self.resized(self.of(node.value), self.bits)
                self.emit(f"ret i{self.bits} {value.text}")
                self.ended = True
            case ast.Pass() | ast.Expr():
                pass
            case _:
                raise Untranslatable(ast.unparse(node))

    def choice(self, node: ast.If) -> None:
        then, otherwise, after = self.label(), self.label(), self.label()
        self.branch(node.test, then, otherwise if node.orelse else after)
        self.start(then)
        self.body(node.body)
        self.go(after)
        if node.orelse:
            self.start(otherwise)
            self.body(node.orelse)
            self.go(after)
        self.start(after)

    def counted(self, name: str, begin: ast.expr, end: ast.expr, body: list[ast.stmt]) -> None:
        last = f"{name}_end"
        for variable, value in ((name, begin), (last, end)):
            self._cell(variable)
            found = self.resized(self.of(value), 64)
            self.emit(f"store i64 {found.text}, ptr %v_{variable}")
        test = ast.Compare(ast.Name(name), [ast.Lt()], [ast.Name(last)])
        step = ast.Assign([ast.Name(name)], ast.BinOp(ast.Name(name), ast.Add(), ast.Constant(1)))
        self.loop(test, body, [step])

    def loop(self, test: ast.expr, body: list[ast.stmt], step: list[ast.stmt]) -> None:
        head, inside, after = self.label(), self.label(), self.label()
        self.go(head)
        self.start(head)
        self.branch(test, inside, after)
        self.start(inside)
        self.body([*body, *step])
        self.go(head)
        self.start(after)

    # --- expressions

    def of(self, node: ast.expr, bits: int = 0) -> _Value:
        """The value of an expression; where a number of 128 bits stands in it, all of it is."""
        wide = bits == 128 or any(
            isinstance(n, ast.Name) and self.variables.get(n.id) == 128 for n in ast.walk(node)
        )
        return self.value(node, 128 if wide else self.bits)

    def value(self, node: ast.expr, bits: int) -> _Value:
        match node:
            case ast.Constant(value=int(number)):
                return _Value(str(int(number)), bits)
            case ast.Name(id=name):
                own = self.variables[name]
                return self.resized(self.put(f"load i{own}, ptr %v_{name}", own), bits)
            case ast.Subscript():
                place, cell = self.place(node)
                loaded = self.put(f"load {cell}, ptr {place}", int(cell[1:]))
                return self.resized(loaded, bits, unsigned=cell == "i8")
            case ast.BinOp():
                return self.infix(node, bits)
            case ast.UnaryOp(op=ast.USub()):
                operand = self.number(node.operand, bits)
                return self.put(f"sub i{bits} 0, {operand.text}", bits)
            case ast.UnaryOp(op=ast.Not()):
                held = self.truth(self.value(node.operand, bits))
                return self.put(f"xor i1 {held.text}, true", 1)
            case ast.Compare(ops=[op], comparators=[right]):
                a, b = self.number(node.left, bits), self.number(right, bits)
                return self.put(f"icmp {_COMPARED[type(op)]} i{bits} {a.text}, {b.text}", 1)
            case ast.BoolOp():
                return self.logic(node, bits)
            case ast.IfExp():
                held = self.truth(self.value(node.test, bits))
                a, b = self.number(node.body, bits), self.number(node.orelse, bits)
                text = f"select i1 {held.text}, i{bits} {a.text}, i{bits} {b.text}"
                return self.put(text, bits)
            case ast.Call(func=ast.Name(id=name)) if name.startswith("why_"):
                return self.seldom_called(name, node)
            case ast.Call(func=ast.Name(id=name)):
                return self.called(name, [self.number(a, bits) for a in node.args], bits)
        raise Untranslatable(ast.unparse(node))

    def number(self, node: ast.expr, bits: int) -> _Value:
        return self.resized(self.value(node, bits), bits)

    def infix(self, node: ast.BinOp, bits: int) -> _Value:
        a, b = self.number(node.left, bits), self.number(node.right, bits)
        if type(node.op) in _INFIX:
            return self.put(f"{_INFIX[type(node.op)]} i{bits} {a.text}, {b.text}", bits)
        if bits == 128:
            quotient = self.put(f"call i128 @sdiv_128(i128 {a.text}, i128 {b.text})", 128)
            back = self.put(f"mul i128 {quotient.text}, {b.text}", 128)
            rest = self.put(f"sub i128 {a.text}, {back.text}", 128)
        else:
            quotient = self.put(f"sdiv i64 {a.text}, {b.text}", 64)
            rest = self.put(f"srem i64 {a.text}, {b.text}", 64)
        some = self.put(f"icmp ne i{bits} {rest.text}, 0", 1)
        apart = self.put(f"xor i{bits} {rest.text}, {b.text}", bits)
        below = self.put(f"icmp slt i{bits} {apart.text}, 0", 1)
        down = self.put(f"and i1 {some.text}, {below.text}", 1)
        if isinstance(node.op, ast.Mod):
            more = self.put(f"select i1 {down.text}, i{bits} {b.text}, i{bits} 0", bits)
            return self.put(f"add i{bits} {rest.text}, {more.text}", bits)
        if not isinstance(node.op, ast.FloorDiv):
            raise Untranslatable(ast.unparse(node))
        less = self.put(f"sext i1 {down.text} to i{bits}", bits)
        return self.put(f"add i{bits} {quotient.text}, {less.text}", bits)

    def logic(self, node: ast.BoolOp, bits: int) -> _Value:
        """Both sides are looked at: neither has an effect."""
        word = "and" if isinstance(node.op, ast.And) else "or"
        found = self.truth(self.value(node.values[0], bits))
        for other in node.values[1:]:
            held = self.truth(self.value(other, bits))
            found = self.put(f"{word} i1 {found.text}, {held.text}", 1)
        return found

    def called(self, name: str, args: list[_Value], bits: int) -> _Value:
        if name in ("min", "max"):
            a, b = args
            sign = "slt" if name == "min" else "sgt"
            first = self.put(f"icmp {sign} i{bits} {a.text}, {b.text}", 1)
            return self.put(f"select i1 {first.text}, i{bits} {a.text}, i{bits} {b.text}", bits)
        if name == "udiv" and bits == 64:
            return self.put(f"udiv i{bits} {args[0].text}, {args[1].text}", bits)
        if name not in prelude.__all__:
            raise Untranslatable(name)
        listed = ", ".join(f"i{bits} {a.text}" for a in args)
        return self.put(f"call i{bits} @{name}_{bits}({listed})", bits)

    def seldom_called(self, name: str, node: ast.Call) -> _Value:
        """A function of the module itself, to which arrays are handed on."""
        listed = []
        for arg in node.args:
            assert isinstance(arg, ast.Name)
            is_array = arg.id in self.arrays
            listed.append(f"ptr %{arg.id}" if is_array else f"i64 {self.number(arg, 64).text}")
        return self.put(f"call preserve_mostcc i64 @{name}({', '.join(listed)})", 64)

    def place(self, node: ast.Subscript) -> tuple[str, str]:
        assert isinstance(node.value, ast.Name)
        cell = self.arrays[node.value.id]
        index = self.resized(self.of(node.slice), 64)
        text = f"getelementptr inbounds {cell}, ptr %{node.value.id}, i64 {index.text}"
        return self.put(text, 64).text, cell

    def truth(self, value: _Value) -> _Value:
        if value.bits == 1:
            return value
        return self.put(f"icmp ne i{value.bits} {value.text}, 0", 1)

    def resized(self, value: _Value, bits: int, *, unsigned: bool = False) -> _Value:
        """The same number in ``bits`` bits; a truth is 0 or 1."""
        if value.bits == bits or not value.text.startswith("%"):
            return _Value(value.text, bits)
        if value.bits > bits:
            return self.put(f"trunc i{value.bits} {value.text} to i{bits}", bits)
        word = "zext" if unsigned or value.bits == 1 else "sext"
        return self.put(f"{word} i{value.bits} {value.text} to i{bits}", bits)
