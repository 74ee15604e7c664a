"""What the parts of identity share while it runs."""

from dataclasses import dataclass, field

from chassis.outbound import Outbound
from chassis.service import Runtime
from identity.credentials import Credentials, Leaks, OfflineSample
from identity.domain.account_tokens import ACCESS_LIFETIME
from identity.partners.company_registry import CompanyRegistry
from identity.partners.offline_registry import OfflineRegistry
from identity.partners.remembered_registry import RememberedRegistry
from identity.partners.search_api import SearchApi
from identity.passkeys import Passkeys
from identity.persistence.mail_gate import MailGate
from identity.persistence.secrets import Digester
from identity.settings import OFFLINE, IdentitySettings
from identity.signing import AccessTokens, load_signing_key, load_verifying_keys


@dataclass(slots=True)
class IdentityRuntime(Runtime[IdentitySettings]):
    credentials: Credentials = field(init=False)
    access_tokens: AccessTokens = field(init=False)
    digest: Digester = field(init=False)
    mails: MailGate = field(init=False)
    passkeys: Passkeys = field(init=False)
    leaks: Leaks = field(default_factory=OfflineSample, init=False)
    outbound: Outbound = field(init=False)
    """Whatever is asked of servers of others goes through this one: their circuits are shared."""
    companies: CompanyRegistry = field(init=False)

    def __post_init__(self) -> None:
        settings = self.settings
        self.credentials = Credentials(
            time_cost=settings.argon2_time_cost,
            memory_kib=settings.argon2_memory_kib,
            at_once=settings.hashes_at_once,
        )
        self.access_tokens = AccessTokens(
            load_signing_key(settings.signing_key.get_secret_value()),
            int(ACCESS_LIFETIME.total_seconds()),
            load_verifying_keys(settings.verifying_keys.get_secret_value()),
        )
        self.digest = settings.digester()
        self.passkeys = settings.passkeys()
        self.mails = MailGate(self.digest, settings.mails_per_address_per_hour)
        self.outbound = Outbound(settings.outbound_rules())
        self.companies = (
            OfflineRegistry()
            if settings.company_registry == OFFLINE
            else RememberedRegistry(SearchApi(self.outbound, settings.company_registry), self.clock)
        )

    async def close(self) -> None:
        await self.outbound.close()
        # Not super(): a dataclass with slots is another class than the one that this was written in.
        await Runtime.close(self)
