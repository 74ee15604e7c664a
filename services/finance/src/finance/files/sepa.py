"""The transfer order given to the bank: SEPA credit transfer `pain.001.001.09` (domain.md §5.4).

sepaxml lays the message out; what it leaves to chance or does not know (identifiers, the hour,
purposes, who is who) is set here. The file is valid against the schema or it does not exist.
"""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any, Final

from anyascii import anyascii
from lxml import etree
from sepaxml import SepaTransfer

from chassis.clock import iso
from finance.domain.bank_details import BankDetails

SCHEMA: Final = "pain.001.001.09"
_NS: Final = f"urn:iso:std:iso:20022:tech:xsd:{SCHEMA}"
_PURPOSE: Final = "GOVT"
_NOT_SEPA: Final = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]+")
_NUMBER_AND_STREET: Final = re.compile(r"^(\d+(?: ?(?:bis|ter|quater))?),? +(.+)$", re.IGNORECASE)


class InvalidTransferOrder(Exception):
    """The order does not follow the schema, or does not add up. The message holds no bank details."""


@dataclass(frozen=True, slots=True)
class Address:
    """A structured address: town and country are required since 2026-11-15."""

    city: str
    country: str
    street: str = ""
    building: str = ""
    postal_code: str = ""

    @classmethod
    def from_lines(cls, street: str | None, postal_code: str | None, city: str, country: str) -> "Address":
        """Takes the number out of « 12 bis rue des Arts »."""
        found = _NUMBER_AND_STREET.match((street or "").strip())
        building, name = found.groups() if found else ("", street or "")
        return cls(city, country, name, building, postal_code or "")


@dataclass(frozen=True, slots=True)
class Debtor:
    """Who pays, from which account; `remittance_code` names the issuer to its bank."""

    name: str
    details: BankDetails
    address: Address
    remittance_code: str


@dataclass(frozen=True, slots=True)
class Transfer:
    """One transaction of the order, in cents."""

    details: BankDetails
    amount_cents: int
    name: str
    siren: str
    label: str
    end_to_end_id: str
    address: Address | None


@dataclass(frozen=True, slots=True)
class TransferOrder:
    """The file as stored, and what it says of itself."""

    name: str
    content: bytes
    sha256: str
    transaction_count: int
    control_sum_cents: int


def write(
    transfers: Sequence[Transfer],
    debtor: Debtor,
    *,
    batch_number: int,
    created_at: datetime,
    execution_date: date,
) -> TransferOrder:
    """The order for these transfers (at least one). Raises InvalidTransferOrder.

    The batch's number makes the message's identifier unique where two runs share a second.
    """
    message_id = f"passCulture-SCT-{created_at:%Y%m%d-%H%M%S}-{batch_number}"
    document = _laid_out(transfers, debtor, execution_date)
    _identify(document, debtor, message_id, created_at)
    for transaction, transfer in zip(document.iter(_tag("CdtTrfTxInf")), transfers, strict=True):
        _name_recipient(transaction, transfer)
    content = etree.tostring(document, xml_declaration=True, encoding="UTF-8")
    count, control_sum_cents = check(content)
    if (count, control_sum_cents) != (len(transfers), sum(transfer.amount_cents for transfer in transfers)):
        raise InvalidTransferOrder("the order does not add up to its transfers")
    return TransferOrder(
        name=f"{message_id}.xml",
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        transaction_count=count,
        control_sum_cents=control_sum_cents,
    )


def check(content: bytes) -> tuple[int, int]:
    """NbOfTxs and CtrlSum (cents) of an order, read again: valid, equal in both headers, and true.

    Raises InvalidTransferOrder.
    """
    document = etree.fromstring(content)
    schema = _schema()
    if not schema.validate(document):
        raise InvalidTransferOrder(f"not a valid {SCHEMA}: {schema.error_log[0].type_name}")
    counts = {int(node.text) for node in document.iter(_tag("NbOfTxs"))}
    sums = {_cents(node.text) for node in document.iter(_tag("CtrlSum"))}
    amounts = [_cents(node.text) for node in document.iter(_tag("InstdAmt"))]
    if counts != {len(amounts)} or sums != {sum(amounts)}:
        raise InvalidTransferOrder("the headers do not say what the transactions add up to")
    return len(amounts), sum(amounts)


def latin(text: str, limit: int) -> str:
    """`text` in the characters that SEPA carries, at most `limit` of them."""
    # Letters of other alphabets and ligatures are transliterated, so that a name stays readable.
    plain = " ".join(_NOT_SEPA.sub(" ", anyascii(unicodedata.normalize("NFC", text))).split())[:limit]
    # The EPC's rules: no field begins or ends with a slash, nor holds two of them together.
    return re.sub("/{2,}", "/", plain).strip(" /")


def _laid_out(transfers: Sequence[Transfer], debtor: Debtor, execution_date: date) -> Any:
    order = SepaTransfer(
        {
            "name": latin(debtor.name, 70),
            "IBAN": debtor.details.iban,
            "BIC": debtor.details.bic,
            "batch": True,
            "currency": "EUR",
            "address": _address(debtor.address),
        },
        schema=SCHEMA,
        clean=False,
    )
    for transfer in transfers:
        order.add_payment(
            {
                "name": latin(transfer.name, 70) or transfer.siren,
                "IBAN": transfer.details.iban,
                "BIC": transfer.details.bic,
                "amount": transfer.amount_cents,
                "execution_date": execution_date,
                "description": latin(transfer.label, 140),
                "endtoend_id": transfer.end_to_end_id,
                "address": _address(transfer.address) if transfer.address else {},
            }
        )
    return etree.fromstring(order.export(validate=False))


def _address(address: Address) -> dict[str, str]:
    return {
        "street_name": latin(address.street, 70),
        "building_number": latin(address.building, 16),
        "postcode": latin(address.postal_code, 16),
        "town": latin(address.city, 35),
        "country": address.country,
    }


def _identify(document: Any, debtor: Debtor, message_id: str, created_at: datetime) -> None:
    header = document.find(f".//{_tag('GrpHdr')}")
    header.find(_tag("MsgId")).text = message_id
    header.find(_tag("CreDtTm")).text = iso(created_at.replace(microsecond=0))
    _append_organisation(header.find(_tag("InitgPty")), debtor.remittance_code)
    payment = document.find(f".//{_tag('PmtInf')}")
    payment.find(_tag("PmtInfId")).text = message_id
    category = etree.SubElement(payment.find(_tag("PmtTpInf")), _tag("CtgyPurp"))
    etree.SubElement(category, _tag("Cd")).text = _PURPOSE
    ultimate = etree.Element(_tag("UltmtDbtr"))
    etree.SubElement(ultimate, _tag("Nm")).text = latin(debtor.name, 70)
    payment.find(_tag("ChrgBr")).addprevious(ultimate)


def _name_recipient(transaction: Any, transfer: Transfer) -> None:
    _append_organisation(transaction.find(_tag("Cdtr")), transfer.siren)
    purpose = etree.Element(_tag("Purp"))
    etree.SubElement(purpose, _tag("Cd")).text = _PURPOSE
    transaction.find(_tag("RmtInf")).addprevious(purpose)


def _append_organisation(party: Any, identifier: str) -> None:
    node = party
    for name in ("Id", "OrgId", "Othr", "Id"):
        node = etree.SubElement(node, _tag(name))
    node.text = identifier


def _tag(name: str) -> str:
    return f"{{{_NS}}}{name}"


def _cents(amount: str) -> int:
    """`175.00` or `175` in cents, without a float."""
    euros, _, cents = amount.partition(".")
    return int(euros) * 100 + int(cents.ljust(2, "0"))


@cache
def _schema() -> Any:
    with files("sepaxml").joinpath(f"schemas/{SCHEMA}.xsd").open("rb") as source:
        return etree.XMLSchema(etree.parse(source))
