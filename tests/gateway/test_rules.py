"""The two routers' configurations say the same, and ask no more than what the subgraphs themselves refuse."""

import re
from typing import Any

import yaml

from chassis import web
from chassis.clock import TRAVEL_HEADER
from chassis.graphql import limits
from chassis.incoming import CLIENT_ADDRESS_HEADER
from local_platform.paths import ROOT

RULES: dict[str, Any] = yaml.safe_load((ROOT / "gateway/router.yaml").read_text())
HIVE_GATEWAY = (ROOT / "gateway/gateway.config.mjs").read_text()
CADDYFILE = (ROOT / "gateway/door/Caddyfile").read_text()
DOOR = (ROOT / "gateway/door/snippets.caddy").read_text()
BODIES = (ROOT / "gateway/bodies.mjs").read_text()
SERVER = (ROOT / "gateway/server.mjs").read_text()


def _of_hive_gateway(pattern: str, source: str = HIVE_GATEWAY) -> str:
    found = re.search(pattern, source)
    assert found, pattern
    return found[1]


def test_both_refuse_the_same_documents_and_the_subgraphs_a_little_later() -> None:
    """A plan may be larger than the question it answers: what passes here must pass there."""
    for what, subgraph in {
        "depth": limits.MAX_DEPTH,
        "aliases": limits.MAX_ALIASES,
        "tokens": limits.MAX_TOKENS,
        "directives": limits.MAX_DIRECTIVES,
    }.items():
        limit = RULES["limits"][f"max_{what}"]["n"]
        own = int(_of_hive_gateway(rf"\b{what}: ([\d_]+)"))
        # Hive Router cannot count unfolded selections: it has to be stricter about what multiplies them.
        assert limit <= own if what in ("depth", "tokens") else limit == own
        assert own <= subgraph


def test_hive_gateway_counts_unfolded_selections_and_levels_of_json_as_a_subgraph_does() -> None:
    assert int(_of_hive_gateway(r"selections: ([\d_]+)")) == limits.MAX_SELECTIONS
    assert int(_of_hive_gateway(r"MAX_JSON_DEPTH = (\d+)", BODIES)) == limits.MAX_JSON_DEPTH


def test_both_take_bodies_of_the_size_that_a_subgraph_takes() -> None:
    assert RULES["limits"]["max_request_body_size"] == f"{web.MAX_BODY_BYTES // 1024}KiB"
    assert int(_of_hive_gateway(r"MAX_BODY_BYTES = (\d+) \* 1024", SERVER)) * 1024 == web.MAX_BODY_BYTES
    assert int(_of_hive_gateway(r"import body (\d+)", CADDYFILE)) == web.MAX_BODY_BYTES


def test_both_pass_the_same_headers_on() -> None:
    listed = re.findall(r"'([^']+)'", _of_hive_gateway(r"PROPAGATED = \[([^\]]+)\]"))
    rule, address = RULES["headers"]["all"]["request"]
    assert listed == rule["propagate"]["named"]
    assert TRAVEL_HEADER in listed
    written = _of_hive_gateway(r"PASS_CLIENT_ADDRESS_HEADER \?\? '([^']+)'")
    assert written == address["propagate"]["named"]["default"] == CLIENT_ADDRESS_HEADER


def test_no_header_that_the_door_writes_for_everybody_makes_a_foreign_form_a_request() -> None:
    wanted = RULES["csrf"]["required_headers"]
    assert (
        re.findall(r"'([^']+)'", _of_hive_gateway(r"csrfPrevention: \{ requestHeaders: \[([^\]]+)\]"))
        == wanted
    )
    written = set(re.findall(r"request_header (?:@\w+ )?([\w-]+) ", DOOR))
    assert {"Traceparent", "X-Request-Id"} <= written
    assert not {name.lower() for name in written} & set(wanted)
    assert all(re.search(rf"not header {name} ", DOOR, re.IGNORECASE) for name in wanted)


def test_both_let_the_same_pages_call() -> None:
    (pattern,) = RULES["cors"]["policies"][0]["match_origin"]
    assert _of_hive_gateway(r"NOBODY = '([^']+)'") == pattern["default"] == "^$"
