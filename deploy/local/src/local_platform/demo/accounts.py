"""The accounts of a platform that a person can sign in with, in a file that only its owner reads.

The staff's are made by identity's own job, with passwords nobody else knows; the others by the demo set.
"""

import json
import subprocess
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from local_platform.demo.story.cast import new_password
from local_platform.paths import PYTHON, ROOT
from local_platform.platform.platform import Platform
from local_platform.private_file import write_private
from local_platform.servers.parts import inherited_environment
from local_platform.user_error import UserError

STAFF = {
    "admin": ("admin", "admin@pass.example"),
    "finance": ("finance", "finance@pass.example"),
    "controller": ("finance", "controller@pass.example"),
}
"""Who they are → the role that identity gives them, and their address. Nobody accepts what they entered themselves."""


@dataclass(frozen=True)
class Account:
    email: str
    password: str


def ensure_staff(platform: Platform) -> Mapping[str, Account]:
    """The accounts of `accounts.json`, by who they are; made at the first call. Identity must be up."""
    known = known_accounts(platform)
    missing = {who: Account(email, new_password()) for who, (_, email) in STAFF.items() if who not in known}
    with ThreadPoolExecutor(len(STAFF)) as pool:
        created = {
            who: pool.submit(_create, platform, STAFF[who][0], account) for who, account in missing.items()
        }
    for who, account in missing.items():
        created[who].result()
        remember(platform, who, account)
    return known_accounts(platform)


def known_accounts(platform: Platform) -> Mapping[str, Account]:
    """By who they are: `admin`, `finance`, `controller`, and those of the demo set, `pro` and `beneficiary`."""
    file = _file(platform)
    return read_accounts(file) if file.exists() else {}


def read_accounts(file: Path) -> Mapping[str, Account]:
    """Raises UserError for a file that is not one of accounts."""
    try:
        return {role: Account(**account) for role, account in json.loads(file.read_text()).items()}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise UserError(
            f"{file} holds no accounts.",
            f'It should be {{"admin": {{"email": …, "password": …}}, …}}; {error}',
        ) from None


def remember(platform: Platform, role: str, account: Account) -> None:
    """Keep it for the person at the terminal."""
    accounts = {**known_accounts(platform), role: account}
    write_private(
        _file(platform), json.dumps({name: asdict(each) for name, each in accounts.items()}, indent=2)
    )


def _file(platform: Platform) -> Path:
    return platform.state / "accounts.json"


def _create(platform: Platform, role: str, account: Account) -> None:
    settings = {**platform.settings_of("identity"), "PASS_STAFF_PASSWORD": account.password}
    command = [str(PYTHON), "-m", "identity", "job", "create-staff", "--email", account.email, "--role", role]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**inherited_environment(), **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        reason = (done.stderr or done.stdout).strip()
        raise UserError(f"The {role} account could not be made.", reason.splitlines()[-1] if reason else "")
