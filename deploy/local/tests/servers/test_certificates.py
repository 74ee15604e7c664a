"""Certificates are made for every part, renewed before they expire, and their keys are for nobody else."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from chassis.inner_tls import AUTHORITY, OWN, InnerTls
from local_platform.servers.certificates import LIFETIME, PARTS, renew
from local_platform.user_error import UserError

NOW = datetime.now(UTC)
SOON = LIFETIME - timedelta(days=29)


def _own(folder: Path, part: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate((folder / part / OWN).read_bytes())


def test_every_part_is_believed_by_every_other(tmp_path: Path) -> None:
    assert renew(tmp_path) == ["authority", *PARTS]
    for part, others in PARTS.items():
        assert InnerTls(tmp_path / part, part)
        own = _own(tmp_path, part)
        (name,) = own.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        hosts = own.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        assert name.value == part
        assert hosts.get_values_for_type(x509.DNSName) == [part, *others, "localhost"]
        uses = own.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        assert set(uses) == {ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH}
        assert not own.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


def test_no_two_parts_have_one_key(tmp_path: Path) -> None:
    renew(tmp_path)
    keys = {_own(tmp_path, part).public_key().public_numbers() for part in PARTS}  # type: ignore[union-attr]
    assert len(keys) == len(PARTS)


def test_what_is_good_is_left_alone_and_what_expires_soon_is_made_anew(tmp_path: Path) -> None:
    renew(tmp_path, NOW)
    before = (tmp_path / "booking" / OWN).read_bytes()
    assert renew(tmp_path, NOW + LIFETIME - timedelta(days=31)) == []
    assert (tmp_path / "booking" / OWN).read_bytes() == before
    assert renew(tmp_path, NOW + SOON) == list(PARTS), "the authority stays"
    assert _own(tmp_path, "booking").not_valid_after_utc > NOW + LIFETIME


def test_what_was_lost_or_is_another_authoritys_is_made_anew(tmp_path: Path) -> None:
    renew(tmp_path / "ours")
    renew(tmp_path / "others")
    (tmp_path / "ours" / "door" / OWN).unlink()
    (tmp_path / "ours" / "kafka" / OWN).write_bytes((tmp_path / "others" / "kafka" / OWN).read_bytes())
    assert renew(tmp_path / "ours") == ["kafka", "door"]
    assert InnerTls(tmp_path / "ours" / "kafka", "kafka")


@pytest.mark.parametrize("readable", [False, True])
def test_keys_are_for_their_owner_or_behind_a_folder_that_only_they_enter(
    tmp_path: Path, readable: bool
) -> None:
    folder = tmp_path / "certificates"
    renew(folder, readable=readable)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "authority" / OWN).stat().st_mode) == 0o600, "no container reads it"
    for part in PARTS:
        mode = stat.S_IMODE((folder / part / OWN).stat().st_mode)
        assert mode == (0o644 if readable else 0o600)
        assert stat.S_IMODE((folder / part / AUTHORITY).stat().st_mode) == mode


def test_no_part_holds_what_signs(tmp_path: Path) -> None:
    renew(tmp_path)
    secret = (tmp_path / "authority" / OWN).read_text().split("-----END PRIVATE KEY-----")[0]
    for part in PARTS:
        for name in (OWN, AUTHORITY):
            assert secret not in (tmp_path / part / name).read_text()
        assert "PRIVATE KEY" not in (tmp_path / part / AUTHORITY).read_text()


def test_a_damaged_authority_is_not_replaced_in_silence(tmp_path: Path) -> None:
    renew(tmp_path)
    (tmp_path / "authority" / OWN).write_text("damaged")
    with pytest.raises(UserError, match="is damaged"):
        renew(tmp_path)
