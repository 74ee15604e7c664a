"""ariadne-codegen makes a typed Python client of the API."""

import shutil

import pytest

from .conftest import OpenWorkshop
from .workshops import HERE


@pytest.mark.clients
def test_a_python_client_is_made_and_reads_an_answer(open_python: OpenWorkshop) -> None:
    workshop = open_python("ariadne")
    shutil.copyfile(HERE / "codegen" / "operations.graphql", workshop.folder / "operations.graphql")
    done = workshop.run("ariadne-codegen")
    assert done.returncode == 0, done.stdout
    done = workshop.run("python", "usage.py")
    assert done.stdout.splitlines() == [
        "Concert 2026 29000",
        "stock 00000000-0000-0000-0000-000000000001",
    ]
