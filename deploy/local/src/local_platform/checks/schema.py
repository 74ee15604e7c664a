"""The GraphQL and REST contracts: printed from the code, the former composed into the supergraph, committed.

With them the manifest of persisted documents, and the router's rules for inner TLS.
"""

import json
import re
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from local_platform.checks import documents
from local_platform.paths import PYTHON, ROOT
from local_platform.servers import node
from local_platform.servers.router import API, ROUTER, ROUTER_BY_TLS, SUPERGRAPH
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
    contexts = sorted({subgraph["context"] for subgraph in subgraphs})
    with ThreadPoolExecutor(2) as pool:
        printing = pool.map(partial(_print, "schema"), (subgraph["name"] for subgraph in subgraphs))
        interfaces = list(pool.map(partial(_print, "openapi"), contexts))
        printed = list(printing)
    schemas = {subgraph["schema"]: text for subgraph, text in zip(subgraphs, printed, strict=True)}
    rest = {
        f"services/{context}/contracts/openapi.json": text
        for context, text in zip(contexts, interfaces, strict=True)
        if text
    }
    contracts = {ROOT / path: text for path, text in {**schemas, **rest}.items()}
    return {
        **contracts,
        **_compose(schemas),
        documents.MANIFEST: documents.manifest(),
        ROUTER_BY_TLS: with_inner_tls(ROUTER.read_text()),
    }


def with_inner_tls(rules: str) -> str:
    """The rules of Hive Router with the lines said that are marked `inner-tls`: it has no switch for a section."""
    said = re.sub(r"^( *)# inner-tls: ", r"\1", rules, flags=re.MULTILINE)
    return f"# Written by ./pass schema from router.yaml: change that one.\n{said}"


def _print(what: str, name: str) -> str:
    """What `python -m <name> <what>` prints; nothing when the service has no such contract."""
    command: list[str | Path] = [PYTHON, "-m", name, what]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise UserError(f"{name} cannot print its {what}.", done.stderr.strip())
    return done.stdout


def _compose(schemas: Mapping[str, str]) -> Mapping[Path, str]:
    """The supergraph of these schemas (path from the root → text), and what clients see of it."""
    installed = node.ensure_packages()
    with tempfile.TemporaryDirectory() as folder:
        for path, text in schemas.items():
            file = Path(folder) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        out = {SUPERGRAPH: Path(folder) / SUPERGRAPH.name, API: Path(folder) / API.name}
        command: list[str | Path] = [node.node(), installed / "compose.mjs", "--root", folder]
        command += ["--out", out[SUPERGRAPH], "--api", out[API]]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise UserError("The subgraphs cannot be composed.", done.stderr.strip())
        return {committed: composed.read_text() for committed, composed in out.items()}


def _is(file: Path, text: str) -> bool:
    return file.exists() and file.read_text() == text
