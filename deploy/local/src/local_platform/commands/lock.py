"""`./pass lock`"""


def command() -> None:
    """Resolve requirements.in and Kafka's jgo.toml anew, into their lock files with checksums."""
    from local_platform.checks import python_lock
    from local_platform.console import console
    from local_platform.paths import ROOT
    from local_platform.servers import kafka_jars

    with console.status("resolving the Python packages"):
        count = python_lock.write_lock()
    console.print(f"requirements.lock: {count} packages, for every system and Python ≥ 3.11.")
    with console.status("resolving Apache Kafka"):
        jars = kafka_jars.write_lock().dependencies
    console.print(f"{kafka_jars.LOCK.relative_to(ROOT)}: {len(jars)} jars.")
    console.print(
        "[dim]The package-lock.json of gateway and tests/clients are npm's: npm install in a copy of the folder.[/]"
    )
