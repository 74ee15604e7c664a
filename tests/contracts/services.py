"""Every service of the platform, as data, for the tests that compare them."""

import importlib
from typing import Any

from joserfc.jwk import ECKey

from chassis.sealed import Sealer
from chassis.service import Runtime, Service
from chassis.testing import NO_SERVERS

_ONLY_IDENTITY_SIGNS = {
    "signing_key": ECKey.generate_key("P-256").as_pem(private=True).decode(),
    "digest_key": Sealer.new_key(),
}

CONTEXTS = ("identity", "catalog", "booking", "finance")


def service(context: str) -> Service[Any]:
    declared: Service[Any] = importlib.import_module(f"{context}.main").SERVICE
    return declared


def runtime(of: Service[Any], **settings: Any) -> Runtime[Any]:
    """A runtime that never opens its database: enough to ask what it publishes and consumes."""
    values = {
        **NO_SERVERS,
        **(_ONLY_IDENTITY_SIGNS if of.name == "identity" else {}),
        **settings,
    }
    built: Runtime[Any] = of.runtime.build(of.settings(**values))
    return built
