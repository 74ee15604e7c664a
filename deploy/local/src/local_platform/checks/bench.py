"""The measurements of tests/load, each a script of its own."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from local_platform.paths import PYTHON, ROOT
from local_platform.user_error import UserError


def scripts() -> Mapping[str, Path]:
    """Each measurement by its name."""
    found = sorted((ROOT / "tests" / "load").glob("bench_*.py"))
    return {script.stem.removeprefix("bench_"): script for script in found}


def become(name: str, arguments: Sequence[str]) -> NoReturn:
    """Run this measurement in the place of this process. Raises UserError with the names there are."""
    known = scripts()
    if name not in known:
        raise UserError(f"There is no measurement called {name}.", f"There are: {', '.join(known)}.")
    os.chdir(ROOT)
    os.execv(PYTHON, [str(PYTHON), str(known[name]), *arguments])  # noqa: S606
