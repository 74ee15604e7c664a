"""A register that is asked once a day about a company, and whose last answer will do while it is away."""

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Final

from chassis.clock import Clock
from identity.domain.companies import Company
from identity.partners.company_registry import CompanyRegistry, RegistryUnavailable

_FOUND_FOR: Final = timedelta(days=1)
_MISSING_FOR: Final = timedelta(minutes=10)
"""A company that was just founded is looked for again soon."""
_MOST: Final = 5_000


class RememberedRegistry:
    def __init__(self, registry: CompanyRegistry, clock: Clock) -> None:
        self._registry = registry
        self._clock = clock
        self._known: OrderedDict[str, tuple[Company | None, datetime]] = OrderedDict()

    async def find(self, siren: str) -> Company | None:
        known, now = self._known.get(siren), self._clock.now()
        if known is not None and now < known[1]:
            return known[0]
        try:
            company = await self._registry.find(siren)
        except RegistryUnavailable:
            if known is None or known[0] is None:
                raise
            return known[0]
        self._known[siren] = (company, now + (_FOUND_FOR if company else _MISSING_FOR))
        self._known.move_to_end(siren)
        if len(self._known) > _MOST:
            self._known.popitem(last=False)
        return company
