"""The accounts of a platform that a person can sign in with, in a file that only its owner reads.

The staff's are made by identity's own job, with passwords nobody else knows, and register their second factor as a
person does; its secret stands beside the password, so that codes can be computed here. The others are the demo set's.
"""

import json
import subprocess
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

from local_platform.demo.acting import team
from local_platform.demo.gateway_client import GatewayClient, Session
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
    totp_secret: str | None = None
    """Of the team: what the codes of the second factor are computed from."""

    def said(self) -> Mapping[str, str]:
        """As files and programs read it."""
        return {name: value for name, value in asdict(self).items() if value is not None}


def ensure_staff(platform: Platform) -> Mapping[str, Account]:
    """The accounts of `accounts.json`, by who they are; made at the first call. The platform must be up."""
    known = known_accounts(platform)
    missing = {who: Account(email, new_password()) for who, (_, email) in STAFF.items() if who not in known}
    with ThreadPoolExecutor(len(STAFF)) as pool:
        created = {
            who: pool.submit(_create, platform, STAFF[who][0], account) for who, account in missing.items()
        }
    for who, account in missing.items():
        created[who].result()
        remember(platform, who, account)
    return register_factors(platform.url, _file(platform))


def register_factors(url: str, file: Path) -> Mapping[str, Account]:
    """Every account of the file, once those of the team have a second factor, which the file then knows."""
    accounts = read_accounts(file)
    with closing(GatewayClient(url)) as client:
        for who, account in accounts.items():
            if who in STAFF and account.totp_secret is None:
                team.sign_in(
                    client, account.email, account.password, None, partial(_keep, file, who, account)
                )
    return read_accounts(file)


def sign_in(client: GatewayClient, account: Account) -> Session:
    """Somebody of the team."""
    return team.sign_in(client, account.email, account.password, account.totp_secret)


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
    _write(_file(platform), {**known_accounts(platform), role: account})


def _keep(file: Path, who: str, account: Account, totp_secret: str) -> None:
    _write(file, {**read_accounts(file), who: replace(account, totp_secret=totp_secret)})


def _write(file: Path, accounts: Mapping[str, Account]) -> None:
    write_private(file, json.dumps({who: each.said() for who, each in accounts.items()}, indent=2))


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
