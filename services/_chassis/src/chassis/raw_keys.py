"""Keys as settings hold them: 32 bytes in base64."""

import base64
from typing import Final

_BYTES: Final = 32


def key_bytes(text: str, name: str) -> bytes:
    """The key that `text` holds. Raises ValueError, which says `name` and never shows the text, on anything else."""
    try:
        key = base64.b64decode(text, validate=True)
    except ValueError:
        raise ValueError(f"the {name} is not base64") from None
    if len(key) != _BYTES:
        raise ValueError(f"the {name} must be {_BYTES} bytes in base64")
    return key
