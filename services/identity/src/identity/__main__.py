from chassis.cli import run
from identity.main import SERVICE

run(SERVICE)
