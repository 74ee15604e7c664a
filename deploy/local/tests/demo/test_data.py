"""What `./pass up` puts on an empty platform."""

import pytest

from local_platform.demo.accounts import STAFF, ensure_staff, known_accounts
from local_platform.demo.data import ensure_demo_set
from local_platform.platform.platform import Platform

pytestmark = [pytest.mark.servers, pytest.mark.platform]


def test_the_demo_set_is_loaded_once(platform: Platform) -> None:
    heard: list[tuple[int, int]] = []
    staff = ensure_staff(platform)
    assert ensure_demo_set(platform, staff, lambda loaded, total: heard.append((loaded, total)))
    assert heard[-1] == (len(heard), len(heard))
    assert set(known_accounts(platform)) == {*STAFF, "pro", "beneficiary"}
    before = len(heard)
    assert ensure_demo_set(platform, staff, lambda loaded, total: heard.append((loaded, total)))
    assert len(heard) == before
