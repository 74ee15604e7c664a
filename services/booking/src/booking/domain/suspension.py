"""What a suspension undoes, by its reason (domain.md §2.1)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from booking.domain.cancellation import Canceller

CANCELLED_BY: Final[Mapping[str, Canceller]] = MappingProxyType(
    {"fraud": Canceller.FRAUD, "upon_user_request": Canceller.BENEFICIARY}
)
"""Identity's reason → who undoes what can be undone. The other reasons leave bookings as they are."""
