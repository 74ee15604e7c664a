"""Where things are: the repository and the downloads that every platform on this machine shares."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
"""The repository."""

LOCAL = ROOT / "deploy" / "local"

SHARED_STATE = ROOT / ".state"
"""Downloads (Kafka's jars, the gateway's packages, a router's binary), whatever platform uses them."""

PYTHON = Path(sys.executable)
"""The interpreter of `.venv`, for every Python process of the platform."""
