"""Run one command as an ordinary user when we are root: `python unprivileged.py UID GID COMMAND…`.

PostgreSQL refuses to run as root. Where the platform runs as root (a container, a fresh machine), the
repository may stand in a folder that nobody else may enter, and its permissions are not ours to change:
the command keeps one capability, to pass through folders (`CAP_DAC_OVERRIDE`), and loses all others.
Standard library only, Linux only (elsewhere nobody is root by default).
"""

import ctypes
import os
import sys

CAP_DAC_OVERRIDE = 1
PR_SET_KEEPCAPS = 8
PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP = 28, 1 << 2
PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 47, 2
CAPABILITY_VERSION_3 = 0x20080522


class _Header(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _Data(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint32) for name in ("effective", "permitted", "inheritable")]


def become(uid: int, gid: int) -> None:
    """Give up root for good; keep the passage through folders where the system allows it."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
    # Else access(2), which initdb asks for its own programs and files, leaves the capability out of account.
    libc.prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    only = 1 << CAP_DAC_OVERRIDE
    data = (_Data * 2)(_Data(only, only, only), _Data(0, 0, 0))
    if libc.capset(ctypes.byref(_Header(CAPABILITY_VERSION_3, 0)), data) == 0:
        libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0)


if __name__ == "__main__":
    become(int(sys.argv[1]), int(sys.argv[2]))
    os.execv(sys.argv[3], sys.argv[3:])  # noqa: S606 — the command comes from servers.py
