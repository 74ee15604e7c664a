"""The notebook as a process of its own, started as the containers start it."""

import asyncio
import os
import sys
from pathlib import Path

from chassis.testing import environment

COMPLETE = environment()


async def start(*arguments: str, **environment: str | None) -> asyncio.subprocess.Process:
    """`python -m notebook …`; a variable given as None is left out."""
    theirs = {name: value for name, value in os.environ.items() if not name.startswith("PASS_")}
    path = os.pathsep.join([str(Path(__file__).parents[1]), *sys.path])
    ours = {**COMPLETE, **environment, "PYTHONPATH": path}
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "notebook", *arguments),
        env=theirs | {name: value for name, value in ours.items() if value is not None},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def run(*arguments: str, **environment: str | None) -> tuple[int, str, str]:
    """Its exit code, and what it wrote on standard output and standard error."""
    process = await start(*arguments, **environment)
    out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()
