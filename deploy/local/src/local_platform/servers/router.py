"""The federated gateway of a platform: Hive Router where its binary is found, else Hive Gateway on Node.

Both read the same `gateway/supergraph.graphql` and the same variables, which `gateway/README.md` lists.
"""

from pathlib import Path

from chassis.inner_tls import AUTHORITY, OWN
from local_platform.servers import node
from local_platform.servers.parts import ProcessPart, Tell
from local_platform.servers.ports import LOOPBACK, Ports

SUPERGRAPH = node.SOURCE / "supergraph.graphql"
API = node.SOURCE / "api.graphql"
"""What clients see of it."""
ROUTER = node.SOURCE / "router.yaml"
ROUTER_BY_TLS = node.SOURCE / "router.inner-tls.yaml"

HIVE_ROUTER = {
    "ROUTER_CONFIG_FILE_PATH": str(ROUTER),
    # JSON nested deeply enough ends the process when its threads have the usual stack; only what is used takes memory.
    "RUST_MIN_STACK": str(128 * 1024 * 1024),
}
"""What the program needs to be told besides what both routers read."""


def inner_tls_of_hive_router(folder: Path) -> dict[str, str]:
    """What it needs to be told besides to speak by TLS, with what is in this folder."""
    return {
        **HIVE_ROUTER,
        "ROUTER_CONFIG_FILE_PATH": str(ROUTER_BY_TLS),
        "PASS_INNER_TLS_OWN": str(folder / OWN),
        "PASS_INNER_TLS_AUTHORITY": str(folder / AUTHORITY),
    }


LOCAL_PORTALS = r"^http://(localhost|127\.0\.0\.1)(:[0-9]+)?$"
"""Pages under development."""

SUBGRAPHS = ("identity", "catalog", "search", "booking", "finance")


def gateway_part(
    state: Path, ports: Ports, jwks_url: str, binary: Path | None, certificates: Path | None = None
) -> ProcessPart:
    """The gateway's process: Hive Router when its binary is given, else Hive Gateway.

    `certificates`: of all parts, where they speak by TLS.
    """
    scheme = "http" if certificates is None else "https"
    settings = {
        "PASS_ENV": "development",
        "PASS_CORS_ORIGINS": LOCAL_PORTALS,
        "PASS_SUPERGRAPH": str(SUPERGRAPH),
        "PASS_GATEWAY_HOST": LOOPBACK,
        "PASS_GATEWAY_PORT": str(ports["gateway"]),
        "PASS_JWKS_URL": jwks_url,
        **{
            f"PASS_SUBGRAPH_URL_{name.upper()}": f"{scheme}://{LOOPBACK}:{ports[name]}/graphql"
            for name in SUBGRAPHS
        },
    }

    def prepare(tell: Tell) -> None:
        state.mkdir(parents=True, exist_ok=True)
        if binary is None:
            node.ensure_packages(tell)

    if binary is not None:
        command = [str(binary)]
        settings |= (
            HIVE_ROUTER if certificates is None else inner_tls_of_hive_router(certificates / "gateway")
        )
    else:
        command = [str(node.node()), str(node.INSTALLED / "server.mjs")]
        settings |= {"NODE_ENV": "production", "LOG_JSON": "true"}
        settings |= {} if certificates is None else {"PASS_INNER_TLS": str(certificates / "gateway")}
    return ProcessPart(
        "gateway",
        command,
        settings,
        ports["gateway"],
        state,
        prepare=prepare,
        ready_path="/readiness",
        directory=state,
        certificates=certificates,
    )
