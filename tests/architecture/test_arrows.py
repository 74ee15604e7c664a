"""The arrows of the architecture hold, and each contract is seen to turn red when it is broken."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

BREACHES = {
    "contexts-are-strangers": ("booking/src/booking/usecases/breach.py", "import finance.domain\n"),
    "chassis-knows-nobody": ("_chassis/src/chassis/breach.py", "import booking.domain\n"),
    "services-do-not-know-where-they-run": ("identity/src/identity/breach.py", "import local_platform\n"),
    "domains-are-pure": ("finance/src/finance/domain/breach.py", "import sqlalchemy\n"),
    "identity-arrows": ("identity/src/identity/domain/breach.py", "import identity.usecases\n"),
    "catalog-arrows": ("catalog/src/catalog/usecases/breach.py", "import catalog.api\n"),
    "booking-arrows": ("booking/src/booking/persistence/breach.py", "import booking.usecases\n"),
    "search-arrows": ("catalog/src/search/domain/breach.py", "import search.engine\n"),
    "finance-arrows": ("finance/src/finance/domain/breach.py", "import finance.persistence\n"),
}


def _lint(tree: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    sources = [*sorted((tree / "services").glob("*/src")), tree / "deploy/local/src"]
    script = f"import sys; sys.path[:0] = {[str(source) for source in sources]!r}; " + (
        "from importlinter.cli import lint_imports_command; lint_imports_command()"
    )
    chosen = [part for contract in contracts for part in ("--contract", contract)]
    return subprocess.run(
        [sys.executable, "-c", script, "--no-cache", *chosen],
        cwd=tree,
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_arrow_points_the_allowed_way() -> None:
    done = _lint(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.fixture(scope="module")
def copied_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tree = tmp_path_factory.mktemp("tree")
    shutil.copy(ROOT / "pyproject.toml", tree)
    without_caches = shutil.ignore_patterns("__pycache__", "tests")
    shutil.copytree(ROOT / "services", tree / "services", ignore=without_caches)
    shutil.copytree(ROOT / "deploy/local/src", tree / "deploy/local/src", ignore=without_caches)
    return tree


@pytest.mark.parametrize("contract", BREACHES)
def test_a_breach_turns_its_contract_red(copied_tree: Path, contract: str) -> None:
    place, breach = BREACHES[contract]
    file = copied_tree / "services" / place
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(breach)
    try:
        done = _lint(copied_tree, contract)
    finally:
        file.unlink()
    assert done.returncode == 1, done.stdout
    assert "BROKEN" in done.stdout
