"""The port: a register of companies, whoever keeps it."""

from typing import Protocol

from identity.domain.companies import Company


class RegistryUnavailable(Exception):
    """The register cannot be asked right now, or what it says cannot be read."""


class CompanyRegistry(Protocol):
    async def find(self, siren: str) -> Company | None:
        """The company of a well-formed SIREN, None when there is none. Raises RegistryUnavailable."""
