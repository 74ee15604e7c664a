"""A small set of real French towns, venues and titles, loaded through the gateway like any client would."""

from collections.abc import Mapping

from local_platform.accounts import Account
from local_platform.platform import Platform


def ensure_demo_set(platform: Platform, staff: Mapping[str, Account]) -> None:
    """Load it unless it was loaded before."""
