from datetime import timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chassis.files.links import LinkKey, Verdict
from chassis.sealed import Sealer
from chassis.testing import SEALING_KEY, TODAY

KEY = LinkKey.derive(SEALING_KEY, "notebook")
LATER = TODAY + timedelta(hours=1)


def signed(name: str, filename: str) -> dict[str, str]:
    from urllib.parse import parse_qsl

    return dict(parse_qsl(KEY.query(name, filename, LATER), keep_blank_values=True))


@pytest.mark.parametrize(
    ("after", "verdict"),
    [
        (timedelta(0), Verdict.GOOD),
        (timedelta(minutes=59, seconds=59), Verdict.GOOD),
        (timedelta(hours=1), Verdict.EXPIRED),
        (timedelta(days=900), Verdict.EXPIRED),
    ],
)
def test_a_link_is_good_until_before_its_instant(after: timedelta, verdict: Verdict) -> None:
    assert KEY.verdict("a", **signed("a", "f"), now=TODAY + after) is verdict


def test_a_link_of_another_context_or_platform_is_forged() -> None:
    for key in (LinkKey.derive(SEALING_KEY, "other"), LinkKey.derive(Sealer.new_key(), "notebook")):
        assert key.verdict("a", **signed("a", "f"), now=TODAY) is Verdict.FORGED


@given(st.text(), st.text(), st.text(), st.text())
def test_a_signature_is_good_for_its_name_and_filename_only(a: str, b: str, c: str, d: str) -> None:
    given_ = signed("n", "f")
    assume((a, b) != ("n", "f") and c != given_["expires"] and d != given_["signature"])
    assert KEY.verdict(a, b, given_["expires"], given_["signature"], TODAY) is Verdict.FORGED
    assert KEY.verdict("n", "f", c, given_["signature"], TODAY) is Verdict.FORGED
    assert KEY.verdict("n", "f", given_["expires"], d, TODAY) is Verdict.FORGED


def test_no_part_passes_for_the_end_of_another() -> None:
    assert KEY._sign("ab", "c", "1") != KEY._sign("a", "bc", "1")
    assert KEY._sign("a", "c1", "") != KEY._sign("a", "c", "1")


def test_expiry_counts_only_once_the_signature_is_good() -> None:
    given_ = signed("n", "f")
    assert KEY.verdict("m", "f", given_["expires"], given_["signature"], LATER) is Verdict.FORGED
