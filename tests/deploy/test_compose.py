"""docker-compose.yml is well formed, and starts what exists with what it needs."""

import importlib
import json
import re
import runpy
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from jsonschema import Draft7Validator
from pydantic import SecretStr

from chassis.inner_tls import OWN
from chassis.service import Service
from chassis.settings import CommonSettings, ConfigurationError
from local_platform.servers import door
from local_platform.servers.kafka import ACCESS, INNER_TLS
from local_platform.servers.router import HIVE_ROUTER, ROUTER_BY_TLS

from . import composed

CONTEXTS = ("identity", "catalog", "booking", "finance")
DOOR = composed.ROOT / "gateway/door"
PACKAGES = (*CONTEXTS, "search")
SERVING = {package: name for name, package, entry_point in composed.commands() if entry_point == "serve"}


def _service(context: str) -> Service[Any]:
    main = importlib.import_module(f"{context}.main")
    (declared,) = {id(value): value for value in vars(main).values() if isinstance(value, Service)}.values()
    return declared


def _settings(package: str) -> type[CommonSettings]:
    if package == "search":
        settings: type[CommonSettings] = importlib.import_module("search.settings").SearchSettings
        return settings
    return _service(package).settings


def test_it_is_valid_by_the_compose_specification() -> None:
    schema = json.loads((Path(__file__).parent / "compose_spec/compose-spec.json").read_text())
    problems = [
        error.json_path + ": " + error.message
        for error in Draft7Validator(schema).iter_errors(composed.whole())
    ]
    assert problems == []


def test_it_is_valid_for_the_engine(secrets: Mapping[str, str], tmp_path: Path) -> None:
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "compose", "version"], capture_output=True).returncode:
        pytest.skip("no docker compose here")
    file = tmp_path / "compose.env"
    file.write_text("".join(f"{name}='{value}'\n" for name, value in secrets.items()))
    command: list[str | Path] = [
        docker,
        "compose",
        "-f",
        composed.FILE,
        "--env-file",
        file,
        "config",
        "--quiet",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("name", "package", "entry_point"), list(composed.commands()))
def test_each_command_is_an_entry_point_that_exists(
    name: str, package: str, entry_point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", [package, entry_point, "--help"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module(package, run_name="__main__", alter_sys=True)
    assert ended.value.code == 0, f"{name} would not start"


@pytest.mark.parametrize("context", CONTEXTS)
def test_each_context_has_the_processes_it_has_work_for(context: str) -> None:
    """`work` relays, consumes, sends mails, does jobs and follows the timetable; every context has some of it."""
    assert _service(context).whole_timetable(), "prune at least"
    started = {entry_point for _, package, entry_point in composed.commands() if package == context}
    assert started == {"migrate", "serve", "work"}


@pytest.mark.parametrize(("name", "package"), [(name, package) for name, package, _ in composed.commands()])
def test_each_process_finds_its_settings_and_nothing_it_does_not_read(
    name: str,
    package: str,
    secrets: Mapping[str, str],
    certificates: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    environment = composed.environment(name, secrets)
    fields = _settings(package).model_fields
    readable = {f"PASS_{field.upper()}{suffix}" for field in fields for suffix in ("", f"_{package.upper()}")}
    assert set(environment) <= readable
    composed.become(monkeypatch, composed.inside(name, environment, certificates))
    settings = _settings(package).load()
    assert settings.env == "production"
    assert settings.kafka == "kafka:9092"


def test_the_clock_is_moved_everywhere_or_nowhere(
    secrets: Mapping[str, str], certificates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One part that did not follow would judge a story of several years by today's rules."""
    moved = {**secrets, "PASS_ENV": "development", "PASS_TIME_TRAVEL": "true"}
    for name, package, _ in composed.commands():
        for given, travels in ((moved, True), (secrets, False)):
            with monkeypatch.context() as process:
                environment = composed.inside(name, composed.environment(name, given), certificates)
                composed.become(process, environment)
                assert _settings(package).load().time_travel is travels, name


MAY_BE_LEFT_OUT = {
    *("sealing_keys_old", "storage_keys_old", "verifying_keys", "digest_keys_old"),
    *("files_access_key", "files_secret_key"),
}
"""Keys of a change of keys that is over, and of a bucket where files are kept in a folder."""


def test_every_secret_is_demanded_and_none_is_written_down(secrets: Mapping[str, str]) -> None:
    for name, package, _ in composed.commands():
        for field, described in _settings(package).model_fields.items():
            if SecretStr not in (described.annotation, *getattr(described.annotation, "__args__", ())):
                continue
            declared = composed.services()[name]["environment"][f"PASS_{field.upper()}"]
            wanted = ":-}" if field in MAY_BE_LEFT_OUT else ":?"
            assert wanted in declared, f"{name}: {field}"
    assert composed.demanded() == set(secrets), "deploy/new_secrets.py makes them all"


@pytest.mark.parametrize("secret", sorted(composed.demanded()))
def test_nothing_starts_without_a_secret(secret: str, secrets: Mapping[str, str]) -> None:
    left = {name: value for name, value in secrets.items() if name != secret}
    with pytest.raises(composed.Missing, match=secret):
        composed.environments(left)


def test_who_waits_for_whom() -> None:
    declared = composed.services()
    for name, service in declared.items():
        for other, how in service.get("depends_on", {}).items():
            assert other in declared, name
            if how["condition"] == "service_healthy":
                assert "healthcheck" in declared[other], f"{name} would wait for {other} for ever"
    for name, package, entry_point in composed.commands():
        if package in CONTEXTS and entry_point != "migrate":
            waited = declared[name]["depends_on"][f"{package}-migrate"]["condition"]
            assert waited == "service_completed_successfully"


@pytest.mark.parametrize(
    "name", [name for name, each in composed.services().items() if "healthcheck" in each]
)
def test_nothing_is_given_up_on_while_a_busy_machine_still_starts_it(name: str) -> None:
    """Kafka took 100 s where two processors had thirty processes waiting; `up --wait` had ended after 85."""
    told = re.fullmatch(r"(\d+)s", composed.services()[name]["healthcheck"]["start_period"])
    assert told
    assert int(told[1]) >= 300


def test_the_subgraphs_are_where_the_supergraph_looks_for_them() -> None:
    subgraphs = json.loads((composed.ROOT / "gateway/subgraphs.json").read_text())
    assert {entry["name"] for entry in subgraphs} == set(SERVING)
    for entry in subgraphs:
        service = SERVING[entry["name"]]
        port = composed.services()[service]["environment"]["PASS_HTTP_PORT"]
        assert entry["url"] == f"https://{service}:{port}/graphql"


def test_the_gateway_is_told_only_what_its_rules_read() -> None:
    rules = ROUTER_BY_TLS.read_text()
    readable = set(re.findall(r"from_env: (\w+)", rules)) | set(re.findall(r'env\("(\w+)"', rules))
    told = set(composed.services()["gateway"]["environment"])
    assert told - set(HIVE_ROUTER) <= readable
    assert composed.services()["gateway"]["environment"]["RUST_MIN_STACK"] == HIVE_ROUTER["RUST_MIN_STACK"]


def test_nothing_of_the_clone_is_mounted() -> None:
    """It could be closed to the users of the containers, or change under them."""
    for name in composed.services():
        assert not [volume for volume in composed.bound(name) if volume["source"].startswith(".")], name


def test_a_folder_that_is_missing_is_not_made_by_the_engine() -> None:
    """It would be empty and root's: what starts would find nothing there, and whoever is to fill it could not."""
    for name, service in composed.services().items():
        for volume in composed.bound(name):
            assert volume["bind"]["create_host_path"] is False, name
            assert volume["read_only"] is True, name
        short = [volume for volume in service.get("volumes", []) if isinstance(volume, str)]
        # `name:/folder` is a volume, `/folder` one without a name; anything else the engine would make.
        assert all(re.fullmatch(r"(\w+:)?/[\w/]+", volume) for volume in short), name


def test_each_image_of_ours_is_built_once_and_never_asked_of_a_registry() -> None:
    ours = [each for each in composed.services().values() if each["image"].startswith("pass-culture/")]
    for service in ours:
        assert service["pull_policy"] == "never", "a stranger's image could have its name"
        assert composed.builder_of(service["image"])
    for name, service in composed.services().items():
        foreign = not service["image"].startswith("pass-culture/")
        assert foreign == (service.get("pull_policy") is None), name
        assert not foreign or re.search(r":v?\d", service["image"]), f"{name}: which version?"


def test_each_container_is_bounded_and_may_not_become_more_than_it_is() -> None:
    for name, service in composed.services().items():
        assert service["mem_limit"], name
        assert service["pids_limit"], name
        assert service["logging"]["options"]["max-size"], f"{name} would fill the disk"
        assert "no-new-privileges:true" in service["security_opt"], name
        if name not in ("postgres", "kafka"):
            assert service["cap_drop"] == ["ALL"], name
        if service["image"].startswith("pass-culture/") and name != "postgres":
            assert service["read_only"], name


def test_the_address_that_people_read_follows_the_doors_port(secrets: Mapping[str, str]) -> None:
    told = composed.environment("identity", {**secrets, "PASS_DOOR_PORT": "8080"})
    assert told["PASS_PUBLIC_URL"] == "http://127.0.0.1:8080"
    told = composed.environment("identity", {**secrets, "PASS_PUBLIC_URL": "https://pass.example"})
    assert told["PASS_PUBLIC_URL"] == "https://pass.example"


def test_the_door_is_told_only_what_its_rules_read_and_all_that_has_no_default_here() -> None:
    rules = "".join(file.read_text() for file in DOOR.glob("*") if file.is_file())
    readable = set(re.findall(r"\{\$(\w+)", rules))
    told = composed.services()["door"]["environment"]
    assert set(told) - {"GOGC"} <= readable
    elsewhere = {"PASS_DOOR_CERTIFICATE", "PASS_DOOR_KEY", "PASS_DOOR_GRAPHIQL", "PASS_CLIENT_ADDRESS_HEADER"}
    assert readable - set(told) == elsewhere


@pytest.mark.parametrize(
    "switched",
    [
        {},
        {"PASS_DOOR_SITE": "https://pass.example", "PASS_DOOR_TLS": "acme"},
        {"PASS_DOOR_TRUSTED_PROXIES": "10.0.0.0/8 192.168.0.0/16", "PASS_ENV": "development"},
    ],
)
def test_the_door_takes_its_configuration_as_it_is_composed(
    switched: Mapping[str, str], secrets: Mapping[str, str], certificates: Path, tmp_path: Path
) -> None:
    command: list[str | Path] = [door.CADDY, "validate", "--config", DOOR / "Caddyfile"]
    told = composed.environment("door", {**secrets, **switched})
    environment = composed.inside("door", told, certificates)
    home = {"XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    done = subprocess.run(
        [*command, "--adapter", "caddyfile"],
        env=environment | home,
        cwd=DOOR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_door_finds_each_one_behind_it() -> None:
    services = composed.services()
    told = services["door"]["environment"]
    assert told["PASS_DOOR_GATEWAY"] == f"gateway:{services['gateway']['environment']['PASS_GATEWAY_PORT']}"
    for context in CONTEXTS:
        port = services[context]["environment"]["PASS_HTTP_PORT"]
        assert told[f"PASS_DOOR_{context.upper()}"] == f"{context}:{port}"


def test_only_the_door_and_the_mailbox_can_be_reached_and_only_from_here() -> None:
    published = {
        name: service["ports"] for name, service in composed.services().items() if "ports" in service
    }
    assert set(published) == {"door", "mailpit"}
    assert all(port.startswith("127.0.0.1:") for ports in published.values() for port in ports)


# --- TLS between the parts --------------------------------------------------------------------------------------------


def test_each_container_is_shown_the_certificate_of_its_own_part_and_no_other() -> None:
    shown = {name: composed.part_of(name) for name in composed.services()}
    assert shown.pop("mailpit") is None
    assert shown.pop("kafka-access") == "operator"
    assert shown == {name: name.removesuffix("-work").removesuffix("-migrate") for name in shown}
    for name, service in composed.services().items():
        mounted = [volume for volume in service.get("volumes", []) if "PASS_CERTIFICATES" in str(volume)]
        assert len(mounted) == (name != "mailpit"), name


def test_a_certificate_names_every_host_that_its_part_is_reached_under(certificates: Path) -> None:
    for name in composed.services():
        if part := composed.part_of(name):
            own = x509.load_pem_x509_certificate((certificates / part / OWN).read_bytes())
            names = own.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
            hosts = names.get_values_for_type(x509.DNSName)
            assert name in hosts or name.endswith("-migrate") or name == "kafka-access", name


def test_nothing_starts_without_certificates(
    secrets: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, package, _ in composed.commands():
        environment = composed.environment(name, secrets)
        assert environment["PASS_INNER_TLS"] == "/etc/pass/inner-tls"
        with monkeypatch.context() as process:
            composed.become(process, environment | {"PASS_INNER_TLS": ""})
            with pytest.raises(ConfigurationError, match="PASS_INNER_TLS must be set in production"):
                _settings(package).load()


def test_the_broker_is_configured_as_the_one_that_the_tests_try() -> None:
    """tests/network asks the local one: whoever shows no certificate, and what each part may do."""
    told = composed.services()["kafka"]["environment"]
    for name, value in INNER_TLS.items():
        composed_as = str(told[f"KAFKA_{name.upper().replace('.', '_')}"]).replace("$$", "$")
        assert composed_as == str(value), name
    assert told["KAFKA_LISTENERS"] == "INNER://:9092,CONTROLLER://localhost:9093"
    assert "PLAINTEXT" not in str(told)


def test_who_works_waits_for_what_it_may_do_on_the_broker() -> None:
    services = composed.services()
    for name, _, entry_point in composed.commands():
        if entry_point == "work" or name == "search":
            waited = services[name]["depends_on"]["kafka-access"]["condition"]
            assert waited == "service_completed_successfully"
    table = Path(services["kafka-access"]["command"][-1])
    assert table.relative_to("/app") == ACCESS.relative_to(composed.ROOT)


def test_the_door_and_the_gateway_ask_by_tls() -> None:
    assert composed.services()["door"]["environment"]["PASS_DOOR_INNER_TLS"] == "on"
    image = (composed.ROOT / "gateway/Dockerfile").read_text()
    assert "ENV ROUTER_CONFIG_FILE_PATH=/etc/gateway/router.inner-tls.yaml" in image
    rules = ROUTER_BY_TLS.read_text()
    assert rules.count("/etc/pass/inner-tls/") == 6
