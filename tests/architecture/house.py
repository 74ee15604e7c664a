"""The rules of the house, each as a function from a tree of sources to the breaches found in it.

They read syntax only: nothing is imported, so that a broken service can still be told what breaks.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

CONTEXTS: Final = {
    "identity": "services/identity",
    "catalog": "services/catalog",
    "search": "services/catalog",
    "booking": "services/booking",
    "finance": "services/finance",
}
"""Each package with the service it belongs to."""

SHARED: Final = {"chassis": "services/_chassis", "local_platform": "deploy/local"}
"""Packages of no context, in which words have one meaning too."""

STORES: Final = {"search": {"engine", "state"}}
"""What stands in for `persistence`, where a package keeps its things elsewhere."""

ROOMS: Final = {"domain", "messages", "usecases", "api", "consumers", "jobs", "mails", "files"}
FRONT: Final = {"__init__", "__main__", "main", "settings", "runtime", "timetable"}
"""Modules that a package may hold beside its rooms."""

OWN: Final = {"identity": {"credentials", "signing", "one_time_codes", "passkeys", "partners"}}
"""What one package needs and no other: how passwords are hashed, tokens signed, factors judged, registries asked."""

GRAPHQL: Final = {
    *(
        "__init__",
        "schema",
        "types",
        "queries",
        "loaders",
        "access",
        "mutations",
        "subscriptions",
        "glossary",
    ),
}
FIRST_OF_PERSISTENCE: Final = {"tables", "records"}

VAGUE: Final = re.compile(r"\b(Row\[Any\]|Mapping\[str, Any\]|dict\[str, Any\]|Mapping\[str, object\])")
"""Types that say nothing of what a row or a message holds."""

FORGOTTEN_WORDS: Final = re.compile(r"(?:^|_)(told|announce|let_go)(?:_|$)", re.IGNORECASE)
"""Words that had several meanings in code, each of which has a name of its own now."""


TOPIC: Final = re.compile(r"[a-z]+\.(?P<aggregate>[a-z_]+)\.v[0-9]+")

ALIAS: Final = re.compile(r"_(rules|message)$|^usecase$")

FUNCTION: Final = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True, slots=True)
class Module:
    """A source file of a package."""

    path: Path
    parts: tuple[str, ...]
    """Its place in the package, without the package's name: `("api", "graphql", "schema")`."""

    tree: ast.Module

    @property
    def name(self) -> str:
        return self.parts[-1]

    def says(self, what: str) -> str:
        return f"{'/'.join(self.path.parts[-5:])}: {what}"


def modules(root: Path, package: str) -> list[Module]:
    base = root / (CONTEXTS | SHARED)[package] / "src" / package
    return [
        Module(file, file.relative_to(base).with_suffix("").parts, ast.parse(file.read_text()))
        for file in sorted(base.rglob("*.py"))
    ]


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def rooms_have_one_name(root: Path, package: str) -> list[str]:
    """A package holds the rooms of the house and the modules of its front door, nothing else."""
    stores = STORES.get(package, {"persistence"})
    breaches = []
    for module in modules(root, package):
        first = module.parts[0]
        is_front = len(module.parts) == 1
        own = OWN.get(package, set())
        if first not in (FRONT if is_front else ROOMS | stores) | own:
            breaches.append(module.says(f"no room of the house is called {first}"))
        if (
            module.parts[:2] == ("api", "graphql")
            and len(module.parts) > 2
            and module.parts[2] not in GRAPHQL
        ):
            breaches.append(module.says(f"api/graphql has no {module.parts[2]}"))
    return breaches


def persistence_has_records(root: Path, package: str) -> list[str]:
    """Rows have a module of frozen records beside their tables."""
    if package in STORES:
        return []
    names = {module.name for module in modules(root, package) if module.parts[0] == "persistence"}
    missing = FIRST_OF_PERSISTENCE - names
    return [f"{package}/persistence has no {name}.py" for name in sorted(missing)]


def one_mutation_a_file(root: Path, package: str) -> list[str]:
    """`mutations/book_offer.py` holds the field `bookOffer` and no other."""
    breaches = []
    for module in modules(root, package):
        if module.parts[:3] != ("api", "graphql", "mutations") or module.name.startswith("_"):
            continue  # what two mutations have in common begins with an underscore
        fields = [
            function.name.removesuffix("_mutation")
            for function in module.tree.body
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
            and any("strawberry.mutation" in ast.unparse(decorator) for decorator in function.decorator_list)
        ]
        if fields != [module.name]:
            breaches.append(module.says(f"its mutations are {fields}, its name is {module.name}"))
    return breaches


def use_cases_are_named_by_their_file(root: Path, package: str) -> list[str]:
    """`usecases/book_offer.py` holds `book_offer`; only `access.py` finds what several may change."""
    breaches = []
    for module in modules(root, package):
        if module.parts[0] != "usecases" or module.name in ("__init__", "access"):
            continue
        names = {node.name for node in module.tree.body if isinstance(node, FUNCTION)}
        if names and module.name not in names:
            breaches.append(module.says(f"holds no function {module.name}"))
    return breaches


def use_cases_say_what_they_refuse(root: Path, package: str) -> list[str]:
    """A use case returns its own closed union of refusals, never the base of all of them."""
    breaches = []
    for module in modules(root, package):
        if module.parts[0] != "usecases":
            continue
        for function in module.tree.body:
            if (
                not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
                or function.name != module.name
            ):
                continue
            returned = ast.unparse(function.returns) if function.returns else ""
            if re.search(r"\bRefusal\b", returned):
                breaches.append(module.says(f"{function.name} returns {returned}"))
    return breaches


def consumers_are_named_by_their_topic(root: Path, package: str) -> list[str]:
    """`consumers/venue.py` hears `catalog.venue.v1` and no other topic."""
    breaches = []
    for module in modules(root, package):
        if module.parts[0] != "consumers":
            continue
        topics = [
            topic
            for node in ast.walk(module.tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and (topic := TOPIC.fullmatch(node.value))
        ]
        breaches += [
            module.says(f"hears {topic[0]}") for topic in topics if topic["aggregate"] != module.name
        ]
    return breaches


def requests_read_through_loaders(root: Path, package: str) -> list[str]:
    """Only `api/graphql/loaders.py` asks for rows together; everybody else asks it, by a name."""
    return [
        module.says("loads rows itself")
        for module in modules(root, package)
        if module.parts[:2] == ("api", "graphql") and module.name != "loaders"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("chassis.graphql")
        and any(alias.name == "load" for alias in node.names)
    ]


def signatures_are_typed(root: Path, package: str) -> list[str]:
    """Persistence, use cases, messages and consumers take and give records, not bags of values.

    The `parameters` of a statement are named by it.
    """
    stores = STORES.get(package, {"persistence"})
    breaches = []
    for module in modules(root, package):
        if module.parts[0] not in stores | {"usecases", "consumers", "messages"}:
            continue
        for function in functions(module.tree):
            arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
            if function.name.startswith("_"):
                continue
            annotations = [argument.annotation for argument in arguments if argument.arg != "parameters"]
            annotations.append(function.returns)
            breaches += [
                module.says(f"{function.name}: {said}")
                for annotation in annotations
                if annotation is not None and VAGUE.search(said := ast.unparse(annotation))
            ]
    return breaches


def words_have_one_meaning(root: Path, package: str) -> list[str]:
    """No name in code is one of the words that once meant several things."""
    breaches = []
    for module in modules(root, package):
        names = {module.name}
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                names.add(node.name)
            elif isinstance(node, ast.Name):
                names.add(node.id)
            elif isinstance(node, ast.arg):
                names.add(node.arg)
        breaches += [
            module.says(f"the name {name}") for name in sorted(names) if FORGOTTEN_WORDS.search(name)
        ]
    return breaches


def imports_keep_their_names(root: Path, package: str) -> list[str]:
    """Our own modules are imported by their names: a search for a name finds every use of it.

    Where two rooms have a module of one name, or a mutation that of its use case, the other one says
    which it is: `<name>_rules`, `<name>_message`, `usecase`.
    """
    breaches = []
    for module in modules(root, package):
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith(tuple(CONTEXTS)):
                continue
            for alias in node.names:
                source = root / CONTEXTS[package] / "src" / Path(*(node.module or "").split(".")) / alias.name
                is_module = source.is_dir() or source.with_suffix(".py").exists()
                if alias.asname and is_module and not ALIAS.search(alias.asname):
                    breaches.append(module.says(f"{alias.name} as {alias.asname}"))
    return breaches


def tests_mirror_sources(root: Path, package: str) -> list[str]:
    """A test lives where what it proves lives; builders live in tests/support; sources hold no tests.

    What nobody may do, whatever they try, is proven in tests/security.
    """
    base = root / CONTEXTS[package]
    breaches = [
        f"{file.relative_to(root)}: belongs to tests/support"
        for name in ("testing.py", "builders.py", "conftest.py")
        for file in (base / "src" / package).rglob(name)
    ]
    packages = sorted(name for name, service in CONTEXTS.items() if service == CONTEXTS[package])
    for file in sorted((base / "tests").rglob("test_*.py")):
        place = file.relative_to(base / "tests").parent
        sources = [base / "src" / name / place for name in packages]
        if place.parts and place.parts[0] in packages:
            sources.append(base / "src" / place)
        if place.parts[:1] != ("security",) and not any(source.is_dir() for source in sources):
            breaches.append(f"{file.relative_to(root)}: mirrors no folder of src")
    return breaches


RULES: Final = (
    rooms_have_one_name,
    persistence_has_records,
    one_mutation_a_file,
    use_cases_are_named_by_their_file,
    use_cases_say_what_they_refuse,
    consumers_are_named_by_their_topic,
    requests_read_through_loaders,
    signatures_are_typed,
    words_have_one_meaning,
    imports_keep_their_names,
    tests_mirror_sources,
)


def uncalled(root: Path, package: str) -> set[str]:
    """Public functions of the domain that nothing which runs leads to, as `module.function`.

    A function is reached when its name stands in a module outside of the domain, or in a domain
    function or module that is reached itself. Names are compared, not objects: two functions of one
    name are taken for called together.
    """
    domain: dict[str, set[str]] = {}
    names_of: dict[str, set[str]] = {}
    reached: set[str] = set()
    for module in modules(root, package):
        if module.parts[0] != "domain":
            reached |= _names(module.tree)
            continue
        for node in module.tree.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                names_of.setdefault(node.name, set()).update(_names(node) - {node.name})
            else:
                for name in _assigned(node):
                    names_of.setdefault(name, set()).update(_names(node))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
                domain.setdefault(node.name, set()).add(".".join(module.parts[1:]))
    frontier = list(reached)
    while frontier:
        for name in names_of.get(frontier.pop(), set()) - reached:
            reached.add(name)
            frontier.append(name)
    return {f"{module}.{name}" for name in domain.keys() - reached for module in domain[name]}


def _names(tree: ast.AST) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            names.add(node.id)
        elif isinstance(node, ast.Attribute):
            names.add(node.attr)
        elif isinstance(node, ast.ImportFrom):
            names.update(alias.name for alias in node.names)
    return names


def _assigned(node: ast.stmt) -> Iterator[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    for target in targets:
        if isinstance(target, ast.Name):
            yield target.id
