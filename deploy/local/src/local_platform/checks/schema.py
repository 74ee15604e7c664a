"""The GraphQL contracts: printed from the code, composed into the supergraph, committed."""

import json
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from local_platform.paths import PYTHON, ROOT
from local_platform.servers import node
from local_platform.servers.router import SUPERGRAPH
from local_platform.user_error import UserError


def write_all() -> Sequence[Path]:
    """Bring every committed schema up to date; the files that had to change."""
    wanted = _wanted()
    changed = [file for file in wanted if not _is(file, wanted[file])]
    for file in changed:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(wanted[file])
    return changed


def stale_files() -> Sequence[Path]:
    """The committed schemas that are not what the code says."""
    wanted = _wanted()
    return [file for file in wanted if not _is(file, wanted[file])]


def _wanted() -> Mapping[Path, str]:
    subgraphs: list[dict[str, str]] = json.loads((node.SOURCE / "subgraphs.json").read_text())
    with ThreadPoolExecutor(2) as pool:
        printed = list(pool.map(_print_schema, (subgraph["name"] for subgraph in subgraphs)))
    schemas = {subgraph["schema"]: text for subgraph, text in zip(subgraphs, printed, strict=True)}
    return {**{ROOT / path: text for path, text in schemas.items()}, SUPERGRAPH: _compose(schemas)}


def _print_schema(name: str) -> str:
    done = subprocess.run(
        [PYTHON, "-m", name, "schema"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise UserError(f"{name} cannot print its schema.", done.stderr.strip())
    return done.stdout


def _compose(schemas: Mapping[str, str]) -> str:
    """The supergraph of these schemas (path from the root → text)."""
    installed = node.ensure_packages()
    with tempfile.TemporaryDirectory() as folder:
        for path, text in schemas.items():
            file = Path(folder) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        command: list[str | Path] = [node.node(), installed / "compose.mjs", "--root", folder, "--out", "-"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise UserError("The subgraphs cannot be composed.", done.stderr.strip())
    return done.stdout


def _is(file: Path, text: str) -> bool:
    return file.exists() and file.read_text() == text
