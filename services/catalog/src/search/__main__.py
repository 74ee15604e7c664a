"""`python -m search serve | schema | rebuild | dead-letters`."""

import argparse
import asyncio
import sys

import uvloop

from chassis.settings import ConfigurationError
from chassis.telemetry import configure_logging, log
from search.engine.tantivy_engine import IndexInUse, TantivyEngine
from search.settings import SearchSettings
from search.state.store import Store, forget


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m search")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="read the topics and answer searches")
    commands.add_parser("schema", help="print the subgraph's SDL")
    commands.add_parser("rebuild", help="forget state and index: the next start reads every topic again")
    commands.add_parser("dead-letters", help="list the messages that could not be read")
    return parser.parse_args()


def main() -> None:
    command = _arguments().command
    if command == "schema":
        from chassis.graphql import print_subgraph
        from search.api.graphql.schema import subgraph

        sys.stdout.write(print_subgraph(subgraph(introspection=True)))
        return
    try:
        settings = SearchSettings.load()
        configure_logging("search", settings.log_level)
        {"serve": _serve, "rebuild": _rebuild, "dead-letters": _dead_letters}[command](settings)
    except (ConfigurationError, IndexInUse) as error:
        sys.exit(str(error))


def _serve(settings: SearchSettings) -> None:
    from chassis.web import serve_http
    from search.main import application
    from search.runtime import SearchRuntime

    async def serve() -> None:
        runtime = SearchRuntime.build(settings)
        log.info("serve.start", port=settings.http_port, env=settings.env)
        await serve_http(application(runtime), settings, settings.http_port)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve())


def _rebuild(settings: SearchSettings) -> None:
    # Opening takes the writer's lock: a running process keeps its files.
    TantivyEngine(settings.index_dir / "index").close()
    forget(settings.index_dir)
    sys.stdout.write(f"{settings.index_dir} is empty; the next start reads the topics from their beginning\n")


def _dead_letters(settings: SearchSettings) -> None:
    store = Store(settings.index_dir / "state.sqlite3")
    for letter in store.dead_letters():
        sys.stdout.write(f"{letter.topic}-{letter.partition}@{letter.offset}\t{letter.reason}\n")
    store.close()


if __name__ == "__main__":
    main()
