"""No test passes by finding nothing: each asserts, and something of it whatever it is given.

What a loop finds can be nothing, and a condition can hold for nobody. A loop over what is written out, or over a
constant, is good enough; over what was found, an assertion beside it must say that there is something. A property
says `assume` for an `if`: Hypothesis complains when too few of its examples get past one. Parametrised lists that are
empty are refused by pytest itself (`empty_parameter_set_mark`).
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = (*ROOT.glob("services/*/tests"), ROOT / "deploy/local/tests", ROOT / "tests")
FILES = [
    path for folder in FOLDERS for path in sorted(folder.rglob("*.py")) if "node_modules" not in path.parts
]
TREES = {path: ast.parse(path.read_text()) for path in FILES}

FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
SAYS_NO = frozenset({"raises", "fail", "warns"})
"""What pytest asserts with, besides `assert`."""

AS_MANY = frozenset(
    {"zip", "enumerate", "product", "permutations", "combinations", "pairwise", "sorted", "reversed"}
)
PARTS = frozenset({"items", "keys", "values"})


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _helpers() -> frozenset[str]:
    """Functions of tests that assert, themselves or through another; names are compared, not objects."""
    functions = [
        node
        for tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, FUNCTION) and not node.name.startswith("test_")
    ]
    asserting: set[str] = set()
    while found := {
        function.name
        for function in functions
        if function.name not in asserting
        and any(_asserts(node, asserting) or isinstance(node, ast.Raise) for node in ast.walk(function))
    }:
        asserting |= found
    return frozenset(asserting)


def _asserts(node: ast.AST, helpers: frozenset[str] | set[str]) -> bool:
    return isinstance(node, ast.Assert) or (isinstance(node, ast.Call) and _name(node) in SAYS_NO | helpers)


def _is_there(what: ast.expr, test: ast.AST) -> bool:
    """Whether this is never empty, as far as its text says."""
    match what:
        case ast.Tuple(elts) | ast.List(elts) | ast.Set(elts):
            return any(not isinstance(each, ast.Starred) or _is_there(each.value, test) for each in elts)
        case ast.Dict(keys):
            return bool(keys)
        case ast.Constant(value):
            return bool(value)
        case ast.Attribute(attr=name):
            return name[:1].isupper()
        case ast.Name(id=name):
            return name[:1].isupper() or any(_is_there(value, test) for value in _values(name, test))
        case ast.BinOp(left=left, right=right):
            return _is_there(left, test) or _is_there(right, test)
        case ast.Call(func=ast.Attribute(value=whole)) if _name(what) in PARTS:
            return _is_there(whole, test)
        case ast.Call(args=arguments):
            return _name(what) == "range" or (
                _name(what) in AS_MANY and all(_is_there(each, test) for each in arguments)
            )
    return False


def _values(name: str, test: ast.AST) -> Iterator[ast.expr]:
    """What a test calls by this name."""
    for node in ast.walk(test):
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(each, ast.Name) and each.id == name for each in targets):
                yield node.value


def _reached(test: ast.AST, helpers: frozenset[str]) -> Iterator[bool]:
    """For each assertion of a test, whether it is come to whatever is found."""

    def under(node: ast.AST, surely: bool) -> Iterator[bool]:
        if _asserts(node, helpers):
            yield surely and not (isinstance(node, ast.Assert) and _is_all_of_nothing(node.test, test))
        if isinstance(node, ast.For | ast.AsyncFor):
            yield from each([node.iter], surely)
            yield from each(node.body, surely and _is_there(node.iter, test))
        elif isinstance(node, ast.If):
            yield from each([node.test], surely)
            yield from each([*node.body, *node.orelse], surely and bool(node.orelse))
        elif not isinstance(node, ast.Assert):
            yield from each(ast.iter_child_nodes(node), surely)

    def each(nodes: Iterator[ast.AST] | list[ast.AST], surely: bool) -> Iterator[bool]:
        for node in nodes:
            yield from under(node, surely)

    assert isinstance(test, FUNCTION)
    return each(list(test.body), True)


def _is_all_of_nothing(condition: ast.expr, test: ast.AST) -> bool:
    """`all(… for … in …)` is true of nothing."""
    match condition:
        case ast.Call(func=ast.Name(id="all"), args=[ast.GeneratorExp(generators=[first, *_])]):
            return bool(first.ifs) or not _is_there(first.iter, test)
    return False


def _breaches(tree: ast.AST, helpers: frozenset[str]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, FUNCTION) and node.name.startswith("test_"):
            reached = list(_reached(node, helpers))
            if not reached:
                yield f"{node.name} asserts nothing"
            elif not any(reached):
                yield f"{node.name} asserts nothing when it finds nothing"


HELPERS = _helpers()


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_test_asserts_whatever_it_finds(path: Path) -> None:
    assert list(_breaches(TREES[path], HELPERS)) == []


def test_all_folders_of_tests_are_read() -> None:
    assert len(FOLDERS) == 7
    assert all(any(file.is_relative_to(folder) for file in FILES) for folder in FOLDERS)


@pytest.mark.parametrize(
    "body",
    [
        "pass",
        "compute()",
        "for each in found(): assert each",
        "for each in FOUND.glob('*'): assert each",
        "for each in sorted(found()): assert each",
        "for each in [*found()]: assert each",
        "things = found()\n    for each in things: assert each",
        "if found(): assert False",
        "for each in (1, 2):\n        if each in found(): assert each",
        "assert all(each for each in found())",
        "assert all(each for each in (1, 2) if each in found())",
        "for each in found(): checked(each)",
    ],
)
def test_each_way_of_finding_nothing_would_be_seen(body: str) -> None:
    assert list(_breaches(ast.parse(f"def test_it():\n    {body}\n"), frozenset({"checked"})))


@pytest.mark.parametrize(
    "body",
    [
        "assert found()",
        "checked(1)",
        "with pytest.raises(ValueError): found()",
        "assert found()\n    for each in found(): assert each",
        "for each in (1, 2): assert each",
        "for one, other in zip('ab', NAMES): assert one",
        "things = {1: 2}\n    for each in things.items(): assert each",
        "if found(): assert True\n    else: assert True",
        "assert all(each for each in NAMES)",
    ],
)
def test_what_is_asserted_is_seen(body: str) -> None:
    assert list(_breaches(ast.parse(f"def test_it():\n    {body}\n"), frozenset({"checked"}))) == []
