"""Whether a process on this machine is ready: `python -m chassis.probe PASS_HTTP_PORT`, for the checks of containers.

The argument names the variable that holds its port. It asks as the process itself would, with the certificate of
`PASS_INNER_TLS` where that is set. Exits with 1 when the process is not ready.
"""

import os
import ssl
import sys
import urllib.request
from pathlib import Path

from chassis.inner_tls import AUTHORITY, OWN


def main(variable: str) -> None:
    folder, port = os.environ.get("PASS_INNER_TLS"), os.environ[variable]
    scheme, tls = ("https", _shown(Path(folder))) if folder else ("http", None)
    try:
        urllib.request.urlopen(f"{scheme}://127.0.0.1:{port}/readyz", timeout=4, context=tls).close()  # noqa: S310  # ours
    except OSError as error:
        sys.exit(f"not ready ({type(error).__name__})")


def _shown(folder: Path) -> ssl.SSLContext:
    tls = ssl.create_default_context(cafile=str(folder / AUTHORITY))
    tls.load_cert_chain(folder / OWN)
    return tls


if __name__ == "__main__":
    main(sys.argv[1])
