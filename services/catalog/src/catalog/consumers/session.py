"""identity.session.v1: sessions whose tokens are taken no more."""

from typing import Final

from chassis import revocations

SUBSCRIPTION: Final = revocations.sessions_subscription("identity.session.v1")
