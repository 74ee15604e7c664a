"""The manifest of persisted documents: SHA-256 → text, which the gateway in production answers alone.

From `gateway/persisted/*.graphql` and from what the demo asks, a constant a document.
"""

import ast
import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from graphql import GraphQLSyntaxError, OperationDefinitionNode, parse

from local_platform.paths import ROOT
from local_platform.servers import node
from local_platform.user_error import UserError

FOLDER = node.SOURCE / "persisted"
DEMO = ROOT / "deploy/local/src/local_platform/demo/acting"
MANIFEST = FOLDER / "documents.json"


def manifest() -> str:
    """What belongs into `documents.json`: in an order of its own, one document a line. Raises UserError."""
    texts = sorted({*_files(), *_demo()})
    return json.dumps({document_id(text): text for text in texts}, ensure_ascii=False, indent=1) + "\n"


def document_id(text: str) -> str:
    """The name of a document: of the very bytes, blanks included."""
    return sha256(text.encode()).hexdigest()


def _files() -> Iterator[str]:
    for file in sorted(FOLDER.glob("*.graphql")):
        text = file.read_text()
        if not _is_operation(text):
            raise UserError(f"{_shown(file)} is no GraphQL operation.", "Mend it, or take it away.")
        yield text


def _demo() -> Iterator[str]:
    """Read, not imported: what the demo does is none of the checks' business."""
    for file in sorted(DEMO.glob("*.py")):
        for statement in ast.parse(file.read_text()).body:
            if not isinstance(statement, ast.Assign) or not isinstance(statement.value, ast.Constant):
                continue
            text = statement.value.value
            if isinstance(text, str) and _is_operation(text):
                yield text


def _is_operation(text: str) -> bool:
    try:
        definitions = parse(text).definitions
    except GraphQLSyntaxError:
        return False
    return any(isinstance(definition, OperationDefinitionNode) for definition in definitions)


def _shown(file: Path) -> str:
    return f"gateway/persisted/{file.name}"
