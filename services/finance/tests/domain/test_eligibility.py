import time
from datetime import UTC, datetime, timedelta

from finance.domain.eligibility import Candidate, LeftOut, Run, events_begun_before, left_out, makes_a_payment

MOMENT = timedelta(microseconds=1)
CUTOFF = datetime(2026, 11, 15, 23, tzinfo=UTC)
RUN = Run(CUTOFF, run_at=datetime(2026, 11, 20, 6, tzinfo=UTC))
USED = Candidate(CUTOFF - MOMENT, is_cancelled=False, event_starts_at=None, already_paid=False)


def test_the_first_reason_is_given():
    assert left_out(USED, RUN) is None
    assert left_out(USED._replace(used_at=None), RUN) is LeftOut.NOT_USED
    assert left_out(USED._replace(used_at=CUTOFF), RUN) is LeftOut.USED_AFTER_CUTOFF
    assert left_out(USED._replace(used_at=None, already_paid=True), RUN) is LeftOut.ALREADY_PAID
    assert left_out(USED._replace(is_cancelled=True, already_paid=True), RUN) is LeftOut.CANCELLED


def test_since_2022_the_event_began_before_the_cutoff():
    assert left_out(USED._replace(event_starts_at=CUTOFF - MOMENT), RUN) is None
    assert left_out(USED._replace(event_starts_at=CUTOFF), RUN) is LeftOut.EVENT_NOT_BEGUN


def test_until_2021_the_day_of_the_event_is_before_the_day_of_the_run():
    cutoff = datetime(2021, 11, 15, 23, tzinfo=UTC)
    run = Run(cutoff, run_at=datetime(2021, 11, 18, 6, tzinfo=UTC))
    booking = USED._replace(used_at=cutoff - MOMENT)
    day_of_run = datetime(2021, 11, 18, tzinfo=UTC)
    assert left_out(booking._replace(event_starts_at=day_of_run - MOMENT), run) is None
    assert left_out(booking._replace(event_starts_at=day_of_run), run) is LeftOut.EVENT_NOT_BEGUN


def test_the_day_of_the_run_is_a_day_in_utc_on_any_machine(monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        run = Run(datetime(2021, 11, 15, 23, tzinfo=UTC), run_at=datetime(2021, 11, 18, 22, tzinfo=UTC))
        assert events_begun_before(run) == datetime(2021, 11, 18, tzinfo=UTC)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_nothing_makes_no_payment():
    assert [makes_a_payment(cents) for cents in (0, 1)] == [False, True]
