from chassis.cli import run
from finance.main import SERVICE

run(SERVICE)
