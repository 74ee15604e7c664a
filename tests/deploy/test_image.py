"""The image installs what the lock names, checked, and runs as nobody in particular."""

import fnmatch
import re
import runpy
import shlex
import stat
from pathlib import Path

import pytest

from . import composed

DOCKERFILE = (composed.ROOT / "deploy/Dockerfile").read_text()
INSTRUCTIONS = [
    instruction
    for instruction in re.sub(r"\s*\\\n\s*", " ", DOCKERFILE).splitlines()
    if instruction[:1] not in ("", "#")
]


def _with(word: str) -> list[str]:
    return [instruction for instruction in INSTRUCTIONS if word in instruction]


def test_packages_come_from_the_lock_by_digest_and_from_nowhere_else() -> None:
    (install,) = _with("pip install")
    words = shlex.split(install.split("pip install")[1])
    assert {"--require-hashes", "--no-deps", "-r", "/requirements.lock"} <= set(words)
    assert [word for word in words if not word.startswith("-")] == ["/requirements.lock"]
    assert "COPY requirements.lock /" in INSTRUCTIONS
    assert not re.search(r"apt|curl|wget|ADD |git ", DOCKERFILE)


def test_the_process_is_not_root() -> None:
    users = [instruction for instruction in INSTRUCTIONS if instruction.startswith("USER ")]
    assert users == ["USER pass"]
    assert INSTRUCTIONS.index(users[0]) > INSTRUCTIONS.index(_with("compileall")[0])


def test_what_is_copied_exists_and_is_sent_to_the_builder() -> None:
    ignored = [
        line
        for line in (composed.ROOT / ".dockerignore").read_text().splitlines()
        if line[:1] not in ("", "#")
    ]
    assert ignored[0] == "*", "nothing is sent that is not named: no .git, no .state, no file of secrets"
    kept = {line.removeprefix("!") for line in ignored if line.startswith("!")}
    for instruction in INSTRUCTIONS:
        if instruction.startswith("COPY ") and "--from" not in instruction:
            for context in ("identity", "catalog", "booking", "finance"):
                source = instruction.split()[1].replace("${CONTEXT}", context)
                assert (composed.ROOT / source).exists(), source
                assert any(fnmatch.fnmatch(source, f"{name}*") for name in kept)


@pytest.mark.parametrize("name", [name for name, *_ in composed.commands()])
def test_an_image_holds_the_package_that_it_is_to_run(name: str) -> None:
    service = composed.services()[name]
    arguments = service["build"]["args"]
    assert service["build"]["dockerfile"] == "deploy/Dockerfile"
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
