"""The 67 sub-categories: what each asks of an offer and allows (domain.md §3.1).

The table is package data, read once. Its oddities are facts, not mistakes: an escape
game is a thing that can be duo, a filmed concert is OFFLINE yet counts as digital.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from importlib.resources import files
from types import MappingProxyType

from chassis.dated import BEGINNING, DatedTable, midnight, row


class Platform(StrEnum):
    ONLINE = "ONLINE"
    OFFLINE = "OFFLINE"
    ONLINE_OR_OFFLINE = "ONLINE_OR_OFFLINE"


class ReimbursementRule(StrEnum):
    STANDARD = "STANDARD"
    BOOK = "BOOK"
    NOT_REIMBURSED = "NOT_REIMBURSED"


class ConditionalField(StrEnum):
    """Extra data that a sub-category asks for."""

    AUTHOR = "author"
    ISBN = "isbn"
    MUSIC_TYPE = "musicType"
    PERFORMER = "performer"
    SHOW_TYPE = "showType"
    SPEAKER = "speaker"
    STAGE_DIRECTOR = "stageDirector"
    VISA = "visa"


@dataclass(frozen=True, slots=True)
class Subcategory:
    id: str
    category: str
    label: str
    is_event: bool
    conditional_fields: frozenset[ConditionalField]
    can_expire: bool
    can_be_duo: bool
    can_be_educational: bool
    platform: Platform
    is_digital_deposit: bool
    is_physical_deposit: bool
    reimbursement_rule: ReimbursementRule
    is_selectable: bool
    search_group: str
    home_label: str

    @property
    def is_activation(self) -> bool:
        """The two technical sub-categories that activate accounts; reserved for the team."""
        return self.id in ("ACTIVATION_EVENT", "ACTIVATION_THING")

    @property
    def needs_isbn(self) -> bool:
        return ConditionalField.ISBN in self.conditional_fields


def _flag(text: str) -> bool:
    return {"true": True, "false": False}[text]


def _read() -> Mapping[str, Subcategory]:
    table = files(__package__).joinpath("subcategories.csv").read_text(encoding="utf-8")
    found = (
        Subcategory(
            id=line["id"],
            category=line["category"],
            label=line["label_pro"].strip(),
            is_event=_flag(line["is_event"]),
            conditional_fields=frozenset(map(ConditionalField, line["conditional_fields"].split())),
            can_expire=_flag(line["can_expire"]),
            can_be_duo=_flag(line["can_be_duo"]),
            can_be_educational=_flag(line["can_be_educational"]),
            platform=Platform(line["platform"]),
            is_digital_deposit=_flag(line["is_digital_deposit"]),
            is_physical_deposit=_flag(line["is_physical_deposit"]),
            reimbursement_rule=ReimbursementRule(line["reimbursement_rule"]),
            is_selectable=_flag(line["is_selectable"]),
            search_group=line["search_group"],
            home_label=line["home_label"],
        )
        for line in csv.DictReader(table.splitlines())
    )
    return MappingProxyType({subcategory.id: subcategory for subcategory in found})


SUBCATEGORIES: Mapping[str, Subcategory] = _read()
"""Every sub-category by its id, in the order of the reference table."""

NO_LONGER_SELECTABLE = DatedTable(
    name="sub-categories that new offers may not use any more",
    keyed_by="instant at which the offer is created",
    rows=(
        row(BEGINNING, frozenset[str](), source="A:core/categories/subcategories.py; domain.md §3.1"),
        row(
            midnight("Europe/Paris", 2022, 1, 1),
            frozenset({"BON_ACHAT_INSTRUMENT", "CAPTATION_MUSIQUE"}),
            source="M:core/categories/subcategories.py",
            note="the source says 2022 or later",
        ),
    ),
)


def is_selectable(subcategory: Subcategory, now: datetime) -> bool:
    """Whether new offers may use it at `now`."""
    return subcategory.is_selectable and subcategory.id not in NO_LONGER_SELECTABLE.at(now)
