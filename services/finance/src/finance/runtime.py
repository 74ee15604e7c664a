"""What the parts of finance share while it runs."""

from dataclasses import dataclass, field
from datetime import timedelta

from chassis.files import Files
from chassis.service import Runtime
from finance.domain.bank_details import BankDetails
from finance.files.sepa import Address, Debtor
from finance.settings import FinanceSettings


@dataclass(slots=True)
class FinanceRuntime(Runtime[FinanceSettings]):
    files: Files = field(init=False)

    def __post_init__(self) -> None:
        self.files = Files(self.settings, self.clock)

    @property
    def debtor(self) -> Debtor:
        """Who pays the places, and from which account."""
        settings = self.settings
        assert settings.debtor_iban is not None
        assert settings.debtor_bic is not None
        return Debtor(
            name=settings.debtor_name,
            details=BankDetails(
                settings.debtor_iban.get_secret_value(), settings.debtor_bic.get_secret_value()
            ),
            address=Address(
                city=settings.debtor_city,
                country=settings.debtor_country,
                street=settings.debtor_street,
                building=settings.debtor_building,
                postal_code=settings.debtor_postal_code,
            ),
            remittance_code=settings.debtor_remittance_code,
        )

    @property
    def execution_delay(self) -> timedelta:
        return timedelta(days=self.settings.execution_delay_days)
