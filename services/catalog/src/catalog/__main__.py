from catalog.main import SERVICE
from chassis.cli import run

run(SERVICE)
