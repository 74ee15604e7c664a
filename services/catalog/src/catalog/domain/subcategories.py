"""Sub-categories: what each asks of an offer and allows (domain.md §3.1), and when offers may choose it.

The 67 of 2021-11-17, and the eight that came later with the attributes of M:core/categories/subcategories.py.
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
            search_group=line["search_group"],
            home_label=line["home_label"],
        )
        for line in csv.DictReader(table.splitlines())
    )
    return MappingProxyType({subcategory.id: subcategory for subcategory in found})


SUBCATEGORIES: Mapping[str, Subcategory] = _read()
"""Every sub-category by its id, in the order of the reference table."""

LATER = frozenset(
    {
        "CARTE_JEUNES",
        "FESTIVAL_ART_VISUEL",
        "LIVESTREAM_PRATIQUE_ARTISTIQUE",
        "PLATEFORME_PRATIQUE_ARTISTIQUE",
        "PRATIQUE_ART_VENTE_DISTANCE",
        "SPECTACLE_VENTE_DISTANCE",
        "SUPPORT_PHYSIQUE_MUSIQUE_CD",
        "SUPPORT_PHYSIQUE_MUSIQUE_VINYLE",
    }
)
"""Those that are not in the edition of 2021."""

GONE = frozenset({"ABO_MUSEE", "SUPPORT_PHYSIQUE_MUSIQUE"})
"""Those of 2021 that today's list has no more: « CARTE_MUSEE » and the two media of music took their place."""

NEWER_LIST = midnight("Europe/Paris", 2024, 10, 15)
"""≈ The source gives no day; a remark of this date already speaks of it."""

_CLOSED_IN_EVERY_EDITION = frozenset(
    {
        "ABO_LUDOTHEQUE",
        "ACTIVATION_EVENT",
        "ACTIVATION_THING",
        "DECOUVERTE_METIERS",
        "JEU_SUPPORT_PHYSIQUE",
        "OEUVRE_ART",
    }
)
_LIVE_STREAMS = frozenset({"LIVESTREAM_EVENEMENT", "LIVESTREAM_MUSIQUE"})
_CLOSED_SINCE_2022 = frozenset({"BON_ACHAT_INSTRUMENT", "CAPTATION_MUSIQUE"})

NOT_SELECTABLE = DatedTable(
    name="sub-categories that new offers may not use",
    keyed_by="instant at which the offer is created",
    rows=(
        row(
            BEGINNING,
            _CLOSED_IN_EVERY_EDITION | _LIVE_STREAMS | LATER,
            source="A:core/categories/subcategories.py; domain.md §3.1",
        ),
        row(
            midnight("Europe/Paris", 2022, 1, 1),
            _CLOSED_IN_EVERY_EDITION | _LIVE_STREAMS | LATER | _CLOSED_SINCE_2022,
            source="M:core/categories/subcategories.py",
            note="the source says 2022 or later",
        ),
        row(
            NEWER_LIST,
            _CLOSED_IN_EVERY_EDITION | GONE | _CLOSED_SINCE_2022,
            source="M:core/categories/subcategories.py; M:core/categories/app_search_tree.py",
            note="≈ the source gives no day; a remark of this date already speaks of the newer list",
        ),
    ),
)


def is_selectable(subcategory: Subcategory, now: datetime) -> bool:
    """Whether new offers may use it at `now`."""
    return subcategory.id not in NOT_SELECTABLE.at(now)
