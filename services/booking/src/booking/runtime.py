"""What the parts of booking share while it runs."""

from dataclasses import dataclass, field

from booking.files.qr_codes import QrCodes
from booking.settings import BookingSettings
from chassis.service import Runtime


@dataclass(slots=True)
class BookingRuntime(Runtime[BookingSettings]):
    qr_codes: QrCodes = field(init=False)

    def __post_init__(self) -> None:
        self.qr_codes = QrCodes(self.sealer, self.clock, self.settings.public_url)
