"""GraphQL Code Generator makes TypeScript of the API, with which a client compiles."""

import pytest

from .conftest import OpenWorkshop

TSC = ("tsc", "--noEmit", "--strict", "--skipLibCheck", "--module", "esnext", "--moduleResolution", "bundler")


@pytest.mark.clients
def test_a_typescript_client_compiles(open_node: OpenWorkshop) -> None:
    workshop = open_node("codegen")
    done = workshop.run("graphql-codegen", "--config", "codegen.json")
    assert done.returncode == 0, done.stdout
    scalars = _scalars((workshop.folder / "schema.ts").read_text())
    assert "Cents: { input: number; output: number; }" in scalars
    assert "any" not in scalars
    done = workshop.run(*TSC, "usage.ts")
    assert done.returncode == 0, done.stdout


def _scalars(generated: str) -> str:
    """What each scalar of the schema is in TypeScript."""
    return generated.partition("export type Scalars = {")[2].partition("\n};")[0]
