"""`./pass test`"""

import os
import subprocess
import sys
import tempfile
import time
from typing import Annotated, BinaryIO

import typer

# Tests of one file share what imports, servers and databases cost.
FAST = ("-m", "not servers and not platform and not clients", "-n", "auto", "--dist", "loadfile")
APART = ("-m", "not platform", "-n", str(min(4, os.cpu_count() or 1)), "--dist", "loadfile")
"""Each of these workers has a PostgreSQL and a Kafka of its own."""
WHOLE = ("-m", "platform")
"""There is one platform, for all: these tests come one after another, beside the others. They mostly wait."""

LOOK_SECONDS = 0.5


def command(
    rest: typer.Context,
    fast: Annotated[bool, typer.Option("--fast", help="Only what needs no server.")] = False,
) -> None:
    """Run the tests; what follows goes to pytest: a path, `-k name`, `-x` …"""
    from local_platform.paths import PYTHON, ROOT

    def pytest(*chosen: str) -> list[str]:
        return [str(PYTHON), "-m", "pytest", *chosen, *rest.args]

    os.chdir(ROOT)
    if fast or not all(word.startswith("--") for word in rest.args):
        os.execv(PYTHON, pytest(*(FAST if fast else ())))  # noqa: S606
    # All of them. What the second part says is shown once the first has said all.
    with tempfile.TemporaryFile() as said:
        whole = subprocess.Popen(pytest(*WHOLE), stdout=said, stderr=subprocess.STDOUT)
        try:
            apart = subprocess.run(pytest(*APART), check=False).returncode
            _follow(said, whole)
        finally:
            whole.terminate()
            whole.wait()
    raise typer.Exit(max(apart, whole.returncode))


def _follow(said: BinaryIO, process: subprocess.Popen[bytes]) -> None:
    """Show what a process wrote into this file, and goes on writing until it ends."""
    shown = 0
    while True:
        is_over = process.poll() is not None
        # Not read from where it stands: the process writes there, by the same open file.
        while piece := os.pread(said.fileno(), 65536, shown):
            shown += len(piece)
            sys.stdout.buffer.write(piece)
        sys.stdout.flush()
        if is_over:
            return
        time.sleep(LOOK_SECONDS)
