"""What is derived from elsewhere is fresh."""

import runpy
from pathlib import Path

CATALOG = Path(__file__).parents[1]


def test_the_table_of_towns_is_what_the_script_derives():
    derive = runpy.run_path(str(CATALOG / "scripts/derive_towns.py"))["derive"]
    committed = (CATALOG / "src/catalog/domain/towns.csv").read_text(encoding="utf-8")
    assert derive() == committed
