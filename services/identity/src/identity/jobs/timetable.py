"""When the jobs of identity are due, on the clock of Paris."""

from collections.abc import Sequence
from typing import Final

from chassis.jobs import Row
from identity.jobs.anonymise_accounts import ANONYMISE_ACCOUNTS
from identity.jobs.birthday_top_ups import BIRTHDAY_TOP_UPS
from identity.jobs.restate_expiries import RESTATE_EXPIRIES

TIMETABLE: Final[Sequence[Row]] = (
    Row("birthday-top-ups", "0 0 * * *", BIRTHDAY_TOP_UPS),
    Row("anonymise-accounts", "0 1 * * *", ANONYMISE_ACCOUNTS),
    Row("restate-expiries", "30 0 * * *", RESTATE_EXPIRIES),
)
