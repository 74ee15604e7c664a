"""What a story says when it cannot go on."""

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from local_platform.demo.story.narrator import Narrator, NotAsTold
from local_platform.demo.story.play import play_at
from local_platform.servers.mail_reader import Maildir
from local_platform.user_error import UserError


def _narrator(*away: str) -> tuple[Narrator, StringIO]:
    screen = StringIO()
    return Narrator(Console(file=screen, width=200), away=lambda: away), screen


def test_a_dead_process_is_named_with_what_was_missed() -> None:
    narrator, _ = _narrator("kafka (not running)", "finance-worker (not running)")
    with pytest.raises(NotAsTold) as ended:
        narrator.expects(False, "The place is paid.", "nothing")
    assert ended.value.sentence == (
        "Not as told: The place is paid. Found: nothing Away: kafka (not running), finance-worker (not running)."
    )
    assert "./pass up" in ended.value.remedy


def test_when_all_are_there_only_what_was_missed_is_said() -> None:
    narrator, _ = _narrator()
    with pytest.raises(NotAsTold) as ended:
        narrator.expects(False, "The place is paid.")
    assert str(ended.value) == "Not as told: The place is paid."


def test_while_it_waits_it_says_once_for_whom() -> None:
    narrator, screen = _narrator("kafka (not running)")
    narrator.waits("« Booking knows it. » is not so yet")
    narrator.waits("« Booking knows it. » is not so yet")
    assert screen.getvalue() == (
        "… waiting: « Booking knows it. » is not so yet (kafka (not running)). ./pass up brings it back.\n"
    )


def test_a_story_without_the_teams_accounts_is_not_begun() -> None:
    narrator, _ = _narrator()
    with pytest.raises(UserError, match="as admin and as controller and as finance"):
        play_at("http://127.0.0.1:1/graphql", Maildir(Path()), {}, narrator)


def test_what_is_not_as_told_ends_the_story() -> None:
    narrator, _ = _narrator()
    with pytest.raises(NotAsTold, match=r"Not as told: the credit is 150 €\. Found: 20"):
        narrator.expects(False, "the credit is 150 €.", 20)
