"""One platform whose parts speak by TLS and know each other by certificates, as in production."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest

from chassis.inner_tls import AUTHORITY, OWN
from chassis.settings import BrokerSettings
from local_platform.demo.accounts import ensure_staff
from local_platform.platform.platform import Platform
from local_platform.servers import certificates
from local_platform.servers.ports import Ports
from local_platform.user_error import UserError, last_lines


@pytest.fixture(scope="package")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """Its servers are its own, whatever PASS_TEST_SERVERS says: it is them that are tested."""
    platform = Platform(tmp_path_factory.mktemp("secured"), Ports.free(), durable=False, inner_tls=True)
    try:
        platform.up()
        ensure_staff(platform)
        yield platform
    except UserError as user_error:
        end = "\n".join(last_lines(user_error.log)) if user_error.log else ""
        pytest.fail(f"{user_error}\n{end}", pytrace=False)
    finally:
        platform.down()


@pytest.fixture(scope="package")
def shown(secured: Platform) -> Path:
    """The folder of all parts' certificates."""
    assert secured.certificates is not None
    return secured.certificates


@pytest.fixture(scope="package")
def strangers(shown: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Certificates of another authority for the same names; they believe ours, so that it is they who are judged."""
    folder = tmp_path_factory.mktemp("strangers")
    certificates.renew(folder, datetime.now(UTC))
    for part in certificates.PARTS:
        both = (shown / part / AUTHORITY).read_bytes() + (folder / part / AUTHORITY).read_bytes()
        (folder / part / AUTHORITY).write_bytes(both)
        assert (folder / part / OWN).exists()
    return folder


@pytest.fixture(scope="package")
def settings_of(secured: Platform, shown: Path) -> Callable[..., BrokerSettings]:
    """`settings_of("booking")`: how that part reaches the broker; with the certificates of `folder`, when told."""

    def of(part: str, folder: Path = shown) -> BrokerSettings:
        kind: Any = type(
            "OfPart", (BrokerSettings,), {"context": part, "__annotations__": {"context": ClassVar[str]}}
        )
        broker = f"127.0.0.1:{secured.ports['kafka']}"
        settings: BrokerSettings = kind(kafka=broker, inner_tls=folder / part)
        return settings

    return of
