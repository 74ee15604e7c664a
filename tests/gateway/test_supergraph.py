"""The committed supergraph is what the committed contracts make, and both routers are told of every subgraph."""

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from local_platform.paths import ROOT

from .conftest import Gateway, environment_of
from .routers import compose, gateway

GATEWAY = ROOT / "gateway"
SUPERGRAPH = GATEWAY / "supergraph.graphql"


def _listed() -> list[dict[str, str]]:
    listed: list[dict[str, str]] = json.loads((GATEWAY / "subgraphs.json").read_text())
    return listed


@pytest.mark.servers
def test_the_committed_supergraph_is_what_the_contracts_make() -> None:
    done = compose("--root", ROOT, "--check", SUPERGRAPH)
    assert done.returncode == 0, f"run ./pass schema\n{done.stderr}"


@pytest.mark.servers
def test_the_committed_api_is_what_clients_see_of_it(tmp_path: Path) -> None:
    api = tmp_path / "api.graphql"
    done = compose("--root", ROOT, "--out", tmp_path / "supergraph.graphql", "--api", api)
    assert done.returncode == 0, done.stderr
    assert (GATEWAY / "api.graphql").read_text() == api.read_text(), "run ./pass schema"
    assert "join__" not in api.read_text()
    assert "_entities" not in api.read_text()


@pytest.mark.servers
def test_a_stale_supergraph_is_noticed(supergraph: Path, tmp_path: Path) -> None:
    stale = tmp_path / "supergraph.graphql"
    stale.write_text(supergraph.read_text().replace("isBooked", "isReserved"))
    folder = supergraph.parent
    done = compose("--root", folder, "--subgraphs", folder / "subgraphs.json", "--check", stale)
    assert done.returncode == 1
    assert "./pass schema" in done.stderr


@pytest.mark.servers
def test_composing_twice_gives_the_same_bytes(supergraph: Path) -> None:
    folder = supergraph.parent
    done = compose("--root", folder, "--subgraphs", folder / "subgraphs.json", "--out", "-")
    assert done.stdout == supergraph.read_text()


@pytest.mark.servers
def test_contracts_that_do_not_fit_are_refused_with_the_reason(supergraph: Path, tmp_path: Path) -> None:
    for file in supergraph.parent.iterdir():
        (tmp_path / file.name).write_text(file.read_text())
    catalog = tmp_path / "catalog.graphql"
    catalog.write_text(catalog.read_text().replace("type Offer {", "type Offer {\n  isBooked: Int!", 1))
    catalog.write_text(
        catalog.read_text().replace("  name: String!\n", "  name: String!\n  isBooked: Int!\n", 1)
    )
    done = compose("--root", tmp_path, "--subgraphs", tmp_path / "subgraphs.json", "--out", "-")
    assert done.returncode == 1
    assert "isBooked" in done.stderr


@pytest.mark.servers
def test_a_missing_contract_is_named(tmp_path: Path) -> None:
    done = compose("--root", tmp_path, "--out", "-")
    assert done.returncode == 2
    assert "services/identity/contracts/schema.graphql" in done.stderr


def test_hive_router_knows_every_subgraph_by_its_address_and_variable() -> None:
    rules: dict[str, Any] = yaml.safe_load((GATEWAY / "router.yaml").read_text())
    assert rules["override_subgraph_urls"]["subgraphs"] == {
        entry["name"]: {"url": {"from_env": entry["urlVariable"], "default": entry["url"]}}
        for entry in _listed()
    }


@pytest.mark.parametrize("folder", [GATEWAY, ROOT / "tests" / "clients"], ids=lambda folder: folder.name)
def test_the_packages_are_pinned_by_digest_and_by_no_address(folder: Path) -> None:
    lock = json.loads((folder / "package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    assert not [name for name, entry in packages.items() if "resolved" in entry]
    assert not [
        name for name, entry in packages.items() if not entry.get("integrity", "").startswith("sha512-")
    ]


@pytest.mark.servers
def test_a_new_supergraph_is_taken_up_without_a_restart(
    router: str, supergraph: Path, subgraphs: Mapping[str, str], tmp_path: Path
) -> None:
    served, new = tmp_path / "supergraph.graphql", tmp_path / "new.graphql"
    whole = supergraph.read_text()
    served.write_text(whole.replace("  now: String! @join__field(graph: IDENTITY)\n", ""))
    assert served.read_text() != whole
    environment = environment_of(served, subgraphs, PASS_SUPERGRAPH_POLL="1s")
    with gateway(router, environment, tmp_path / "gateway.log") as url:
        asked = Gateway(url, subgraphs)
        assert "errors" in asked.ask("{ now }")
        new.write_text(whole)
        new.replace(served)
        deadline = time.monotonic() + 10
        while "errors" in asked.ask("{ now }"):
            assert time.monotonic() < deadline, "the old supergraph is still served"
            assert asked.ask("{ watchers }") == {"data": {"watchers": 0}}, "and serves until then"
            time.sleep(0.1)
