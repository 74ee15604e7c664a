"""identity.person.v1: whose tokens are taken no more."""

from typing import Final

from chassis import revocations

SUBSCRIPTION: Final = revocations.subscription("identity.person.v1")
