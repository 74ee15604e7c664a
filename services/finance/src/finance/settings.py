"""Configuration of finance: the common one, where exports are kept, and the account that pays."""

from typing import ClassVar, Final, Self

from pydantic import Field, SecretStr, model_validator
from schwifty import BIC, IBAN
from schwifty.exceptions import SchwiftyException

from chassis.files import FilesSettings

_DEMO_IBAN: Final = "FR7630001007941234567890185"
_DEMO_BIC: Final = "BDFEFRPP"


class FinanceSettings(FilesSettings):
    """Outside production a well-known example account stands for the one that pays."""

    context: ClassVar[str] = "finance"

    exports_kept_days: int = Field(default=7, ge=1, description="exports are deleted after")
    debtor_name: str = "pass Culture"
    debtor_iban: SecretStr | None = Field(
        default=None, description="account that pays; required in production"
    )
    debtor_bic: SecretStr | None = Field(default=None, description="its bank; required in production")
    debtor_remittance_code: str = Field(
        default="PASSCULTURE", max_length=35, description="code of the issuer"
    )
    debtor_street: str = "rue Duhesme"
    debtor_building: str = "87"
    debtor_postal_code: str = "75018"
    debtor_city: str = "Paris"
    debtor_country: str = Field(default="FR", pattern="^[A-Z]{2}$")
    execution_delay_days: int = Field(default=7, ge=0, description="from the close to the transfer")

    @model_validator(mode="after")
    def _somebody_pays(self) -> Self:
        if self.env != "production":
            self.debtor_iban = self.debtor_iban or SecretStr(_DEMO_IBAN)
            self.debtor_bic = self.debtor_bic or SecretStr(_DEMO_BIC)
        if self.debtor_iban is None or self.debtor_bic is None:
            raise ValueError("PASS_DEBTOR_IBAN and PASS_DEBTOR_BIC are required in production")
        try:
            IBAN(self.debtor_iban.get_secret_value())
            BIC(self.debtor_bic.get_secret_value())
        except SchwiftyException:
            raise ValueError("PASS_DEBTOR_IBAN and PASS_DEBTOR_BIC must be a valid IBAN and BIC") from None
        return self
