"""What the parts of booking share while it runs."""

from booking.settings import BookingSettings
from chassis.service import Runtime

BookingRuntime = Runtime[BookingSettings]
