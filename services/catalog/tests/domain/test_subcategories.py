from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from catalog.domain.subcategories import (
    GONE,
    LATER,
    SUBCATEGORIES,
    ConditionalField,
    Platform,
    ReimbursementRule,
    Subcategory,
    is_selectable,
)

IN_2021, TODAY = datetime(2021, 11, 17, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
EDITION_OF_2021 = [entry for entry in SUBCATEGORIES.values() if entry.id not in LATER]


def test_there_were_67_in_14_categories_and_13_search_groups():
    assert len(EDITION_OF_2021) == 67
    assert len({entry.category for entry in EDITION_OF_2021}) == 14
    assert len({entry.search_group for entry in EDITION_OF_2021}) == 13


def test_today_there_are_73():
    assert len(SUBCATEGORIES.keys() - GONE) == 73
    assert {entry.search_group for entry in SUBCATEGORIES.values()} - {
        entry.search_group for entry in EDITION_OF_2021
    } == {"CARTES_JEUNES"}


def test_the_table_is_read_only():
    with pytest.raises(TypeError):
        SUBCATEGORIES["CONCERT"] = SUBCATEGORIES["VOD"]  # type: ignore[index]


def test_a_concert_asks_for_artists_and_can_be_duo():
    concert = SUBCATEGORIES["CONCERT"]
    assert concert.is_event
    assert concert.can_be_duo
    assert concert.conditional_fields == {
        ConditionalField.AUTHOR,
        ConditionalField.MUSIC_TYPE,
        ConditionalField.PERFORMER,
    }


def test_not_selectable_ones_are_the_eight_of_the_reference():
    assert {entry.id for entry in EDITION_OF_2021 if not is_selectable(entry, IN_2021)} == {
        "DECOUVERTE_METIERS",
        "ABO_LUDOTHEQUE",
        "LIVESTREAM_MUSIQUE",
        "LIVESTREAM_EVENEMENT",
        "ACTIVATION_EVENT",
        "ACTIVATION_THING",
        "JEU_SUPPORT_PHYSIQUE",
        "OEUVRE_ART",
    }


def test_books_are_the_ones_that_need_an_isbn():
    assert {entry.id for entry in SUBCATEGORIES.values() if entry.needs_isbn} == {
        "LIVRE_PAPIER",
        "LIVRE_NUMERIQUE",
        "LIVRE_AUDIO_PHYSIQUE",
    }


def test_activation_is_technical():
    assert {entry.id for entry in SUBCATEGORIES.values() if entry.is_activation} == {
        "ACTIVATION_EVENT",
        "ACTIVATION_THING",
    }


def test_the_traps_of_the_table_are_kept():
    assert SUBCATEGORIES["CAPTATION_MUSIQUE"].platform is Platform.OFFLINE
    assert SUBCATEGORIES["CAPTATION_MUSIQUE"].is_digital_deposit
    assert SUBCATEGORIES["CINE_VENTE_DISTANCE"].reimbursement_rule is ReimbursementRule.STANDARD
    assert not SUBCATEGORIES["CINE_VENTE_DISTANCE"].is_digital_deposit
    assert SUBCATEGORIES["LIVRE_AUDIO_PHYSIQUE"].reimbursement_rule is ReimbursementRule.STANDARD
    assert SUBCATEGORIES["ABO_LIVRE_NUMERIQUE"].can_expire
    assert not SUBCATEGORIES["LIVRE_NUMERIQUE"].can_expire
    assert {entry.id for entry in SUBCATEGORIES.values() if entry.can_be_duo and not entry.is_event} == {
        "ESCAPE_GAME",
        "ABO_MUSEE",
        "CARTE_MUSEE",
    }
    assert [entry.id for entry in SUBCATEGORIES.values() if entry.is_event and entry.can_expire] == [
        "SEANCE_ESSAI_PRATIQUE_ART"
    ]
    online_and_not_reimbursed_event = SUBCATEGORIES["RENCONTRE_EN_LIGNE"]
    assert online_and_not_reimbursed_event.platform is Platform.ONLINE
    assert online_and_not_reimbursed_event.reimbursement_rule is ReimbursementRule.NOT_REIMBURSED
    assert SUBCATEGORIES["LIVESTREAM_MUSIQUE"].reimbursement_rule is ReimbursementRule.STANDARD


def test_flags_add_up_to_the_reference_table():
    values = EDITION_OF_2021
    assert Counter(entry.platform for entry in values) == {
        Platform.OFFLINE: 43,
        Platform.ONLINE: 20,
        Platform.ONLINE_OR_OFFLINE: 4,
    }
    assert Counter(entry.reimbursement_rule for entry in values) == {
        ReimbursementRule.STANDARD: 45,
        ReimbursementRule.NOT_REIMBURSED: 19,
        ReimbursementRule.BOOK: 3,
    }
    assert sum(entry.is_event for entry in values) == 26
    assert sum(entry.can_expire for entry in values) == 22
    assert sum(entry.can_be_duo for entry in values) == 25
    assert sum(entry.can_be_educational for entry in values) == 22
    assert sum(entry.is_digital_deposit for entry in values) == 18
    assert sum(entry.is_physical_deposit for entry in values) == 15
    assert all(entry.label == entry.label.strip() != "" for entry in values)


def test_a_row_says_of_a_sub_category_what_the_reference_says():
    assert SUBCATEGORIES["PARTITION"] == Subcategory(
        id="PARTITION",
        category="INSTRUMENT",
        label="Partition",
        is_event=False,
        conditional_fields=frozenset(),
        can_expire=True,
        can_be_duo=False,
        can_be_educational=False,
        platform=Platform.OFFLINE,
        is_digital_deposit=False,
        is_physical_deposit=True,
        reimbursement_rule=ReimbursementRule.STANDARD,
        search_group="INSTRUMENT",
        home_label="MUSIQUE",
    )


@pytest.mark.parametrize("id_", ["BON_ACHAT_INSTRUMENT", "CAPTATION_MUSIQUE"])
def test_M03_what_new_offers_may_not_use_any_more(id_):
    assert is_selectable(SUBCATEGORIES[id_], datetime(2021, 12, 31, 22, tzinfo=UTC))
    assert not is_selectable(SUBCATEGORIES[id_], datetime(2022, 1, 1, tzinfo=UTC))
    assert is_selectable(SUBCATEGORIES["CONCERT"], datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("id_", sorted(LATER))
def test_what_offers_may_choose_since_the_newer_list(id_):
    first = datetime(2024, 10, 14, 22, tzinfo=UTC)
    assert not is_selectable(SUBCATEGORIES[id_], first - timedelta(microseconds=1))
    assert is_selectable(SUBCATEGORIES[id_], first)


@pytest.mark.parametrize("id_", sorted(GONE))
def test_what_the_newer_list_has_no_more(id_):
    first = datetime(2024, 10, 14, 22, tzinfo=UTC)
    assert is_selectable(SUBCATEGORIES[id_], first - timedelta(microseconds=1))
    assert not is_selectable(SUBCATEGORIES[id_], first)


def test_live_streams_may_be_chosen_again():
    for id_ in ("LIVESTREAM_MUSIQUE", "LIVESTREAM_EVENEMENT"):
        assert not is_selectable(SUBCATEGORIES[id_], IN_2021)
        assert is_selectable(SUBCATEGORIES[id_], TODAY)
