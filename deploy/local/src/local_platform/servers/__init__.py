"""The two real servers that the platform rests on, startable anywhere: `LocalPostgres` and `LocalKafka`.

Each takes a folder and a port, starts what is not running, and is found again from another process.
"""

from local_platform.servers.kafka import LocalKafka
from local_platform.servers.postgres import LocalPostgres

__all__ = ["LocalKafka", "LocalPostgres"]
