"""The transfer order, read again."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from finance.domain.bank_details import BankDetails
from finance.files.sepa import Address, Debtor, InvalidTransferOrder, Transfer, check, latin, write

NS = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}
DEBTOR = Debtor(
    "pass Culture",
    BankDetails("FR7630001007941234567890185", "BDFEFRPP"),
    Address("Paris", "FR", "rue Duhesme", "87", "75018"),
    "PASSCULTURE",
)
TRANSFER = Transfer(
    details=BankDetails("FR7630006000011234567890189", "AGRIFRPP"),
    amount_cents=175_00,
    name="Théâtre de l’Œuvre & Cie",
    siren="853318459",
    label="pass Culture Pro - remboursement 1ère quinzaine 11-2026",
    end_to_end_id="0" * 32,
    address=Address.from_lines("12 bis rue des Arts", "13001", "Marseille", "FR"),
)
SECOND = replace(
    TRANSFER, details=BankDetails("DE89370400440532013000", "COBADEFFXXX"), amount_cents=5, address=None
)


def order(*transfers: Transfer):
    return write(
        transfers,
        DEBTOR,
        batch_number=12,
        created_at=datetime(2026, 11, 16, 8, 5, 9, 123, tzinfo=UTC),
        execution_date=date(2026, 11, 23),
    )


def texts(content: bytes, path: str) -> list[str]:
    return [node.text for node in etree.fromstring(content).findall(path, NS)]


def test_the_order_is_valid_and_adds_up():
    written = order(TRANSFER, SECOND)
    assert check(written.content) == (2, 175_05)
    assert (written.transaction_count, written.control_sum_cents) == (2, 175_05)
    assert texts(written.content, ".//p:CtrlSum") == ["175.05", "175.05"]
    assert texts(written.content, ".//p:NbOfTxs") == ["2", "2"]
    assert texts(written.content, ".//p:InstdAmt") == ["175.00", "0.05"]


def test_it_says_what_the_bank_asks():
    content = order(TRANSFER).content
    message = "passCulture-SCT-20261116-080509-12"
    assert texts(content, ".//p:MsgId") == texts(content, ".//p:PmtInfId") == [message]
    assert texts(content, ".//p:CreDtTm") == ["2026-11-16T08:05:09Z"]
    assert texts(content, ".//p:ReqdExctnDt/p:Dt") == ["2026-11-23"]
    assert texts(content, ".//p:PmtTpInf/p:SvcLvl/p:Cd") == ["SEPA"]
    assert texts(content, ".//p:CtgyPurp/p:Cd") == texts(content, ".//p:Purp/p:Cd") == ["GOVT"]
    assert texts(content, ".//p:ChrgBr") == ["SLEV"]
    assert texts(content, ".//p:InitgPty//p:Othr/p:Id") == ["PASSCULTURE"]
    assert texts(content, ".//p:Cdtr//p:Othr/p:Id") == ["853318459"]
    assert texts(content, ".//p:UltmtDbtr/p:Nm") == ["pass Culture"]
    assert texts(content, ".//p:DbtrAgt//p:BICFI") == ["BDFEFRPP"]
    assert texts(content, ".//p:EndToEndId") == ["0" * 32]
    assert texts(content, ".//p:Ustrd") == ["pass Culture Pro - remboursement 1ere quinzaine 11-2026"]


def test_addresses_are_structured_or_absent():
    content = order(TRANSFER, SECOND).content
    address = etree.fromstring(content).findall(".//p:Cdtr/p:PstlAdr", NS)
    assert len(address) == 1
    assert [(etree.QName(node).localname, node.text) for node in address[0]] == [
        ("StrtNm", "rue des Arts"),
        ("BldgNb", "12 bis"),
        ("PstCd", "13001"),
        ("TwnNm", "Marseille"),
        ("Ctry", "FR"),
    ]
    assert texts(content, ".//p:Dbtr/p:PstlAdr/p:TwnNm") == ["Paris"]
    assert texts(content, ".//p:AdrLine") == []


def test_a_street_without_number_stays_whole():
    assert Address.from_lines("Place du Marché", None, "Uzès", "FR") == Address(
        "Uzès", "FR", "Place du Marché"
    )
    assert Address.from_lines(None, "30700", "Uzès", "FR").street == ""


@pytest.mark.parametrize(
    ("text", "limit", "carried"),
    [
        ("Théâtre de l’Œuvre & Cie", 70, "Theatre de l'Oeuvre Cie"),
        ("Ça  va ?\n", 70, "Ca va ?"),
        ("abc def", 4, "abc"),
        ("漢字", 70, "HanZi"),
        ("\U000f1234\ue000", 70, ""),
    ],
)
def test_texts_are_carried_in_the_characters_of_sepa(text, limit, carried):
    assert latin(text, limit) == carried


def test_a_name_that_sepa_cannot_carry_is_replaced_by_the_siren():
    content = order(replace(TRANSFER, name="\ue000\ue001")).content
    assert texts(content, ".//p:Cdtr/p:Nm") == ["853318459"]


def test_two_equal_runs_write_the_same_file():
    assert order(TRANSFER).sha256 == order(TRANSFER).sha256
    assert order(TRANSFER).content == order(TRANSFER).content


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"<CtrlSum>175.00", b"<CtrlSum>175.01"),
        (b"<NbOfTxs>1<", b"<NbOfTxs>2<"),
        (b"<ChrgBr>SLEV</ChrgBr>", b"<ChrgBr>NOPE</ChrgBr>"),
    ],
)
def test_a_file_that_was_tampered_with_is_refused(before, after):
    content = order(TRANSFER).content
    assert before in content
    with pytest.raises(InvalidTransferOrder):
        check(content.replace(before, after, 1))


def test_an_iban_is_never_told_by_a_refusal():
    content = order(TRANSFER).content.replace(b"FR7630006000011234567890189", b"FR76-NOT-AN-IBAN")
    with pytest.raises(InvalidTransferOrder) as refusal:
        check(content)
    assert "NOT-AN-IBAN" not in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "carried"),
    [
        ("Ex æquo Ødegård Łódź Straße", "Ex aequo Odegard Lodz Strasse"),
        ("Œuvre & Cie", "Oeuvre Cie"),
        ("Ðorđević – Şişli", "Dordevic - Sisli"),
        ("Библиотека", "Biblioteka"),
        ("//Le Double//Slash/", "Le Double/Slash"),
        ("Cafe\u0301 e\u0302tre", "Cafe etre"),
    ],
)
def test_names_are_transliterated_never_cut_to_pieces(name, carried):
    assert latin(name, 70) == carried


@given(st.text(max_size=200))
def test_whatever_is_written_the_bank_can_read(text):
    carried = latin(text, 70)
    assert len(carried) <= 70
    assert re.fullmatch(r"[A-Za-z0-9/\-?:().,'+ ]*", carried)
    assert not carried.startswith("/")
    assert not carried.endswith("/")
    assert "//" not in carried
