"""The whole story goes as told where every part speaks by TLS, through each router."""

import pytest

from local_platform.platform.platform import Platform
from local_platform.servers import router_binary
from local_platform.testing import before
from tests.e2e.performance import perform

pytestmark = pytest.mark.platform


@pytest.mark.parametrize("router", ["hive-gateway", "hive-router"])
def test_the_story_is_told_to_its_end(router: str, secured: Platform) -> None:
    binary = router_binary.find() if router == "hive-router" else None
    if router == "hive-router" and binary is None:
        pytest.skip("no hive_router: name one in PASS_ROUTER, or put it on the PATH or in .state/bin")
    with before(secured, {router: binary}) as doors:
        performance = perform(secured, f"{doors[router].where}/graphql")
    assert "8. Everybody sees it" in performance.text
    (closed,) = performance.gave("closeFortnight")
    assert closed["batch"]["transferCount"] >= 1
