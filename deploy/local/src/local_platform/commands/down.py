"""`./pass down`"""


def command() -> None:
    """Stop the platform. Everything it knows is kept for the next start."""
    from local_platform.console import console
    from local_platform.platform.platform import Platform

    with console.status("stopping"):
        stopped = Platform.as_started().down()
    console.print(f"Stopped: {', '.join(stopped)}." if stopped else "Nothing was running.")
