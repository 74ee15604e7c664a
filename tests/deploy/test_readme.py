"""Whoever types what deploy/README.md says gets what it says."""

import json
import re
import runpy
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner

from local_platform.demo.accounts import STAFF

from . import composed

README = (composed.ROOT / "deploy/README.md").read_text()
COMMANDS = [
    shlex.split(command, comments=True)
    for command in re.findall(r"^    (\S.*)$", README, re.MULTILINE)
    + [re.sub(r"\s+", " ", found) for found in re.findall(r"`(docker compose [^`]+)`", README)]
]
FLAGS = {"--build", "--wait", "--rm", "-v"}


def _of(*beginning: str) -> list[list[str]]:
    return [words for words in COMMANDS if tuple(words[: len(beginning)]) == beginning]


def test_the_file_of_secrets_is_named_once_for_all_commands() -> None:
    """Without it compose refuses each of them for a missing secret."""
    (exported,) = _of("export")
    name, _, file = exported[1].partition("=")
    assert name == "COMPOSE_ENV_FILES"
    (made,) = _of(".venv/bin/python", "deploy/new_secrets.py")
    assert made[2] == file
    assert (
        COMMANDS.index(made) < COMMANDS.index(exported) < min(map(COMMANDS.index, _of("docker", "compose")))
    )


@pytest.mark.parametrize("words", _of("docker", "compose"), ids=" ".join)
def test_compose_is_asked_for_what_the_file_has(
    words: list[str], secrets: Mapping[str, str], certificates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    verb, rest = words[2], [word for word in words[3:] if word not in FLAGS]
    assert verb in ("up", "down", "run", "exec", "kill")
    if verb == "kill":
        assert rest[0] == "-s"
        assert rest[1] == "USR1", "what the door reads its certificate at"
        assert rest[2:] == ["door"]
        return
    if verb == "exec":
        assert rest == ["postgres", "take-certificates.sh"]
        assert (composed.ROOT / "deploy/postgres" / rest[1]).exists()
        return
    while rest[:1] == ["-e"]:
        assert rest[1].startswith("PASS_")
        rest = rest[2:]
    if verb != "run":
        assert rest == []
        return
    service, *command = rest
    declared = composed.services()[service]
    if not command:
        assert declared["restart"] == "no", "it would not end"
        return
    assert command[:3] == ["python", "-m", declared["command"][2]]
    environment = composed.environment(service, secrets)
    composed.become(monkeypatch, composed.inside(service, environment, certificates))
    monkeypatch.setattr(sys, "argv", [*command[2:], "--help"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module(command[2], run_name="__main__", alter_sys=True)
    assert ended.value.code == 0


def test_what_is_handed_on_from_the_shell_is_set_there_first() -> None:
    """compose hands on an unset variable as no variable, and says nothing."""
    handed_on = {words[words.index("-e") + 1]: words for words in COMMANDS if "-e" in words}
    assert handed_on
    for name, words in handed_on.items():
        first = min(COMMANDS.index(each) for each in COMMANDS if name in each and "-e" in each)
        before = COMMANDS[:first]
        assert any(each[:1] == ["read"] and each[-2:] == ["export", name] for each in before), words


def test_the_certificates_are_made_where_the_file_of_secrets_says(secrets: Mapping[str, str]) -> None:
    (made,) = _of("./pass", "certificates")
    assert str(composed.ROOT / made[2]) == secrets["PASS_CERTIFICATES"]
    assert "--for-containers" in made, "their users are others than whoever makes them"


def test_replicas_are_of_services_that_can_have_them() -> None:
    scaled = re.findall(r"--scale\s+([\w-]+)=\d", README)
    assert scaled
    for name in scaled:
        service = composed.services()[name]
        assert "ports" not in service
        assert not [volume for volume in service.get("volumes", []) if re.search(r"^\w+:", str(volume))], (
            "each has its own"
        )


def test_the_story_is_played_with_options_that_exist() -> None:
    import typer

    from local_platform.commands import demo

    (told,) = _of("./pass", "demo")
    app = typer.Typer()
    app.command()(demo.command)
    done = CliRunner().invoke(app, [*told[2:], "--help"])
    assert done.exit_code == 0
    for option in [word for word in told if word.startswith("--")]:
        assert option in done.output
    shape = re.search(r"`(\{\"admin\".*?\})`", README)
    assert shape
    assert set(json.loads(shape[1])) == set(STAFF)
