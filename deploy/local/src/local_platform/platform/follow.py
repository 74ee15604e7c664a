"""What is added to files, as it is added."""

import time
from collections.abc import Iterator, Mapping
from pathlib import Path

PAUSE = 0.2
"""Seconds between two looks."""


def follow_files(files: Mapping[str, Path]) -> Iterator[tuple[str, str]]:
    """Each new line with the name of its file, for ever. A file that starts anew is read from its start."""
    read = {name: _size(file) for name, file in files.items()}
    while True:
        for name, file in files.items():
            size = _size(file)
            if size < read[name]:
                read[name] = 0
            if size == read[name]:
                continue
            with file.open("rb") as source:
                source.seek(read[name])
                text = source.read(size - read[name])
            whole = text.rfind(b"\n") + 1
            read[name] += whole
            for line in text[:whole].decode("utf-8", "replace").splitlines():
                yield name, line
        time.sleep(PAUSE)


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0
