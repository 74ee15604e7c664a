"""What a place for files promises, folder and bucket alike."""

import asyncio
import hashlib
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from filestores.content import MEGABYTE, do_not_try_again, megabytes, pieces, whole
from filestores.places import Place, settings

from chassis.clock import FixedClock
from chassis.files import (
    FileMissing,
    Files,
    FilesUnavailable,
    FileTooLarge,
    NameTaken,
    content_name,
    new_name,
)
from chassis.testing import TODAY

LATER = datetime.now(UTC) + timedelta(hours=1)


@pytest.mark.parametrize("parts", [(), (b"",), (b"a",), (b"one", b"", b"two"), (MEGABYTE,) * 12])
async def test_what_was_written_is_read(files: Files, parts: tuple[bytes, ...]) -> None:
    name, content = new_name("notes", "txt"), b"".join(parts)
    stored = await files.write(name, pieces(*parts))
    assert (stored.name, stored.size_bytes) == (name, len(content))
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    assert await whole(files, name) == content


@pytest.mark.parametrize("size", [1, 12])
async def test_a_name_is_given_once_and_keeps_its_content(place: Place, size: int) -> None:
    name = new_name("notes", "txt")
    await place.files.write(name, megabytes(size))
    for again in (1, 12):
        with pytest.raises(NameTaken):
            await place.files.write(name, (b"other" * 1000 async for _ in megabytes(again)))
        with pytest.raises(NameTaken):
            await place.files.write(name, megabytes(again))
    assert await whole(place.files, name) == MEGABYTE * size
    assert [entry for entry in place.everything() if "unfinished" in entry] == []


@pytest.mark.parametrize("size", [1, 7])
async def test_of_many_who_write_one_name_at_once_one_is_kept_whole(files: Files, size: int) -> None:
    name = new_name("notes", "txt")

    async def write(writer: int) -> int:
        await files.write(name, pieces(*[bytes([writer]) * 1024 * 1024] * size))
        return writer

    outcomes = await asyncio.gather(*(write(writer) for writer in range(6)), return_exceptions=True)
    kept = [outcome for outcome in outcomes if isinstance(outcome, int)]
    assert len(kept) == 1
    assert [type(outcome) for outcome in outcomes if not isinstance(outcome, int)] == [NameTaken] * 5
    assert set(await whole(files, name)) == {kept[0]}


@pytest.mark.parametrize("size", [0, 1, 12])
async def test_an_upload_that_breaks_off_leaves_nothing(place: Place, size: int) -> None:
    name = new_name("notes", "txt")

    async def broken():  # type: ignore[no-untyped-def]
        async for chunk in megabytes(size):
            yield chunk
        raise ConnectionResetError("the sender went")

    with pytest.raises(ConnectionResetError):
        await place.files.write(name, broken())
    with pytest.raises(FileMissing):
        await place.files.read(name)
    assert place.everything() == []
    await place.files.write(name, megabytes(1))


async def test_an_upload_shows_nothing_before_its_end_and_nothing_once_cancelled(place: Place) -> None:
    name, begun = new_name("notes", "txt"), asyncio.Event()

    async def endless():  # type: ignore[no-untyped-def]
        for _ in range(12):
            yield MEGABYTE
        begun.set()
        await asyncio.Event().wait()

    writing = asyncio.create_task(place.files.write(name, endless()))
    await begun.wait()
    with pytest.raises(FileMissing):
        await place.files.read(name)
    assert [listed async for listed in place.files.store.list("notes")] == []
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    for _ in range(40):  # the bucket clears an upload away in its own time
        if place.everything() == []:
            break
        await asyncio.sleep(0.05)
    assert place.everything() == []


@pytest.mark.parametrize("size", [1, 12])
async def test_too_large_is_refused_at_the_first_byte_too_many_and_leaves_nothing(
    place: Place, size: int
) -> None:
    taken = 0

    async def counted():  # type: ignore[no-untyped-def]
        nonlocal taken
        async for chunk in megabytes(50):
            taken += 1
            yield chunk

    name = new_name("notes", "txt")
    with pytest.raises(FileTooLarge):
        await place.files.write(name, counted(), max_bytes=size * 1024 * 1024)
    assert taken == size + 1
    assert place.everything() == []
    await place.files.write(name, megabytes(size), max_bytes=size * 1024 * 1024)


async def test_the_services_own_limit_holds_whatever_is_asked(place: Place) -> None:
    small = Files(settings(place.address, files_max_bytes=10), FixedClock(TODAY))
    with pytest.raises(FileTooLarge):
        await small.write(new_name("notes", "txt"), pieces(b"x" * 11), max_bytes=1_000_000)


async def test_what_is_deleted_is_gone_and_deleting_it_again_is_nothing(files: Files) -> None:
    name = new_name("notes", "txt")
    await files.write(name, pieces(b"a"))
    for _ in range(2):
        await files.store.delete(name)
    with pytest.raises(FileMissing):
        await files.read(name)


async def test_a_part_is_read_without_the_rest(files: Files) -> None:
    name = new_name("notes", "txt")
    await files.write(name, pieces(b"0123456789"))
    for start, end in ((0, 10), (3, 7), (9, 10), (0, 0), (5, 5)):
        part = b"".join([chunk async for chunk in await files.store.read(name, start, end)])
        assert part == b"0123456789"[start:end]


async def test_a_folder_is_listed_with_all_below_it_and_nothing_beside(files: Files) -> None:
    inside = [new_name("notes", "txt"), new_name("notes/old", "csv")]
    for name in (*inside, new_name("notes2", "txt"), content_name("other", "a" * 64, "png")):
        await files.write(name, pieces(b"abc"))
    listed = [found async for found in files.store.list("notes")]
    assert sorted(found.name for found in listed) == sorted(inside)
    assert {found.size_bytes for found in listed} == {3}
    assert all(abs(found.written_at.timestamp() - time.time()) < 60 for found in listed)
    assert [found async for found in files.store.list("nothing")] == []


async def test_retention_forgets_a_folder_by_age(files: Files) -> None:
    names = [new_name("exports", "csv") for _ in range(3)]
    kept = new_name("images", "png")
    for name in (*names, kept):
        await files.write(name, pieces(b"abc"))
    assert await files.forget("exports", datetime.now(UTC) - timedelta(hours=1)) == 0
    assert await files.forget("exports", LATER) == 3
    assert await files.forget("exports", LATER) == 0
    assert await whole(files, kept) == b"abc"


@pytest.mark.parametrize("folder", ["", "..", "a/../..", "/", ".unfinished"])
async def test_retention_reaches_no_other_folder(files: Files, folder: str) -> None:
    with pytest.raises(ValueError, match="folder"):
        await files.forget(folder, LATER)


@pytest.mark.parametrize("name", ["../a", "a", ".unfinished/" + "a" * 32, "notes/x.txt"])
async def test_nothing_is_written_read_or_deleted_under_what_is_no_name(files: Files, name: str) -> None:
    for act in (files.write(name, pieces(b"a")), files.read(name), files.store.delete(name)):
        with pytest.raises(ValueError, match="name"):
            await act


async def test_what_a_killed_writer_left_in_the_folder_is_cleared_after_a_day(tmp_path: Path) -> None:
    files = Files(settings(f"file://{tmp_path}"), FixedClock(TODAY))
    await files.write(new_name("notes", "txt"), pieces(b"a"))
    left, lately = (tmp_path / "notebook/.unfinished" / name for name in ("old", "new"))
    for path in (left, lately):
        path.write_bytes(b"half")
    two_days_ago = time.time() - 2 * 86_400
    os.utime(left, (two_days_ago, two_days_ago))
    await files.forget("notes", datetime.now(UTC))
    assert (left.exists(), lately.exists()) == (False, True)


async def test_files_are_nobody_elses_to_read_on_the_disk(tmp_path: Path) -> None:
    files = Files(settings(f"file://{tmp_path}"), FixedClock(TODAY))
    name = new_name("notes", "txt")
    await files.write(name, pieces(b"a"))
    path = tmp_path / "notebook" / name
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


async def test_a_folder_that_cannot_be_written_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "notebook").write_text("a file where the folder should be")
    files = Files(settings(f"file://{tmp_path}"), FixedClock(TODAY))
    with pytest.raises(FilesUnavailable):
        await files.write(new_name("notes", "txt"), pieces(b"a"))


async def test_a_bucket_out_of_reach_is_unavailable_and_says_no_name() -> None:
    files = Files(settings("s3://secret-bucket?endpoint=http://127.0.0.1:1"), FixedClock(TODAY))
    do_not_try_again(files)
    with pytest.raises(FilesUnavailable) as refused:
        await files.write(new_name("notes", "txt"), pieces(b"a"))
    assert "secret" not in str(refused.value)
    with pytest.raises(FilesUnavailable):
        await files.read(new_name("notes", "txt"))


@pytest.mark.servers
async def test_a_bucket_that_is_not_there_is_told(s3_endpoint: str) -> None:
    files = Files(settings(f"s3://no-such-bucket?endpoint={s3_endpoint}"), FixedClock(TODAY))
    with pytest.raises((FilesUnavailable, FileMissing)):
        await files.write(new_name("notes", "txt"), pieces(b"a"))
