"""What no part of the platform does, whoever writes the next one: run texts as code, or hash with what is broken."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = [
    path
    for folder in (*ROOT.glob("services/*/src"), ROOT / "deploy/local/src")
    for path in folder.rglob("*.py")
]
RUNS_TEXT = frozenset({"eval", "exec", "compile", "__import__"})
READS_OBJECTS = frozenset({"pickle", "marshal", "shelve", "dill", "jsonpickle"})
HASHES = frozenset({"sha256", "sha384", "sha512", "blake2b"})
"""Approved, of 256 bits or more."""
SHA1_FINDS_LEAKS = "services/identity/src/identity/credentials.py"
"""The register of leaked passwords is kept by SHA-1: five characters of it are told, and nothing rests on it."""


def _breaches(tree: ast.AST, where: str) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RUNS_TEXT:
            yield f"{where}:{node.lineno} runs a text ({node.func.id})"
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = {alias.name for alias in node.names} | {getattr(node, "module", None) or ""}
            if names & READS_OBJECTS:
                yield f"{where}:{node.lineno} makes objects of bytes"
            if getattr(node, "module", None) == "hashlib" and not names - {"hashlib"} <= HASHES:
                yield f"{where}:{node.lineno} hashes with what is broken"
        if _is_hash(node) and not _is_good_hash(node, where):
            yield f"{where}:{node.lineno} hashes with what is broken"


def _is_hash(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "hashlib"


def _is_good_hash(node: ast.AST, where: str) -> bool:
    assert isinstance(node, ast.Attribute)
    return node.attr in HASHES or (node.attr == "sha1" and where == SHA1_FINDS_LEAKS)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_does_none_of_it(path: Path) -> None:
    assert list(_breaches(ast.parse(path.read_text()), str(path.relative_to(ROOT)))) == []


@pytest.mark.parametrize(
    "code",
    [
        "eval('1')",
        "exec('x = 1')",
        "compile('1', '', 'eval')",
        "import pickle",
        "from marshal import loads",
        "from hashlib import md5",
        "import hashlib\nhashlib.md5(b'')",
        "import hashlib\nhashlib.sha1(b'', usedforsecurity=False)",
        "import hashlib\nhashlib.new('md5')",
    ],
)
def test_each_of_them_would_be_seen(code: str) -> None:
    assert list(_breaches(ast.parse(code), "services/x/src/x.py"))
