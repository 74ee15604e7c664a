"""A large file passes through a process; it is never in it."""

import asyncio
import json
import os
import sys
from pathlib import Path

import filestores
import pytest
from filestores.places import Place

pytestmark = pytest.mark.servers

MEGABYTES = 200


async def test_two_hundred_megabytes_are_written_and_served_in_less_than_forty(place: Place) -> None:
    tests = Path(filestores.__file__).parents[1]
    script = tests / "filestores" / "heavy.py"
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(script),
        place.address,
        str(MEGABYTES),
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(tests)},
    )
    told, _ = await process.communicate()
    measured = json.loads(told)
    assert measured["read_bytes"] == MEGABYTES * 1024 * 1024
    assert measured["grown_bytes"] < 40 * 1024 * 1024, measured
