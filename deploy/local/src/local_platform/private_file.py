"""Files that hold secrets: for their owner only, and never half written."""

import os
from pathlib import Path


def write_private(file: Path, text: str) -> None:
    """Replace the file's content at once; nobody else may read it at any moment."""
    partial = file.with_name(f"{file.name}.partial")
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as output:
        output.write(text)
    partial.replace(file)
