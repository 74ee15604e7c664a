"""The sub-categories that each context keeps for itself are the catalogue's, and say the same of each."""

from booking.domain.subcategories import SUBCATEGORIES as BOOKABLE
from catalog.domain.subcategories import SUBCATEGORIES as OFFERED
from finance.domain.subcategories import SUBCATEGORIES as REIMBURSED
from search.domain.subcategories import GROUP_OF as SEARCHED


def test_all_contexts_know_the_same_sub_categories() -> None:
    assert set(BOOKABLE) == set(OFFERED) == set(REIMBURSED) == set(SEARCHED)


def test_booking_and_the_catalogue_agree_on_what_is_an_event_and_what_may_be_duo() -> None:
    for id_, offered in OFFERED.items():
        bookable = BOOKABLE[id_]
        assert (bookable.is_event, bookable.can_be_duo, bookable.can_expire) == (
            offered.is_event,
            offered.can_be_duo,
            offered.can_expire,
        ), id_
