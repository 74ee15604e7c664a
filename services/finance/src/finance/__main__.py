from chassis.cli import run
from finance.main import service

run(service)
