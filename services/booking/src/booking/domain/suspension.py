"""What a suspension undoes, by its reason (domain.md §2.1)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from booking.domain.cancellation import Canceller

CANCELLED_BY: Final[Mapping[str, Canceller]] = MappingProxyType(
    {
        **dict.fromkeys(
            (
                *(
                    "fraud",
                    "fraud_booking_cancel",
                    "fraud_creation_pro",
                    "fraud_duplicate",
                    "fraud_fake_document",
                ),
                *("fraud_hack", "fraud_resell_pass", "fraud_resell_product", "fraud_suspicion"),
                *("fraud_usurpation", "fraud_usurpation_pro"),
            ),
            Canceller.FRAUD,
        ),
        "upon_user_request": Canceller.BENEFICIARY,
    }
)
"""Identity's reason → who undoes what can be undone. The other reasons leave bookings as they are."""
