from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import migrations
from django.db.migrations.loader import MigrationLoader

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "beside"
MODULES = [
    path
    for path in sorted(SOURCE.rglob("*.py"))
    if "migrations" not in path.relative_to(SOURCE).parts
]
WEB, WEB_TESTS = SOURCE / "web", ROOT / "tests" / "web"
LONGEST_MODULE, LONGEST_FUNCTION, LONGEST_VIEW = 300, 40, 15
# Nine functions in ten have at most this many lines.
USUAL_FUNCTION = 18
# They know nothing of requests, and time comes in as an argument.
DOMAIN = ("notices", "people", "photos", "posts", "access", "moderation")
NO_NAMES_FOR_MODULES = {
    *("utils", "util", "helpers", "helper", "common", "core", "services", "managers", "misc"),
    *("signals", "tasks_helper", "base", "manager", "service"),
}
# A module is called after its noun. These are acts that are the field's own verb for what they do.
ACTS = {
    *("answering", "closing", "decoding", "destroying", "developing", "drafting", "editing"),
    *(
        "exporting",
        "ghostwriting",
        "locking",
        "printing",
        "publishing",
        "replacing",
        "replaying",
        "sealing",
    ),
    *("sending", "signing", "sniffing", "sweeping", "taking_back", "turning", "wrapping"),
}
NOUNS_IN_ING = {"keyring"}
# What several views share, and so is called after none of them.
SHARED = {
    "pages": {
        "archive_correspondence",
        "archive_families",
        "archive_files",
        "feed",
        "numbers",
        "own_letter",
        "own_photographs",
        "people",
        "photographs",
        "reach",
        "response_notices",
        "tray",
        "upload_status",
        "who_can_see",
    },
    "forms": {"choices", "facets", "languages", "pasted_links", "styled", "time_zones"},
    "templates": {"account", "letters", "mail", "mfa", "parts", "sign_in"},
    "tests": {
        "addresses",
        "circle_history",
        "direction",
        "disk_full",
        "every_door",
        "guesses",
        "hidden_words",
        "meanwhile",
        "own_letter",
        "people",
        "safe_html",
        "statements",
        "templates",
        "time_zones",
    },
}
# Nothing is brought back unasked, counted or ranked (product.md, the thirteenth promise).
NEVER_A_THING = re.compile(
    r"anniversar|on_this_day|throwback|resurfac|streak|trending|leaderboard|view_count"
    r"|like_count|follower_count|read_receipt",
    re.IGNORECASE,
)
ELSEWHERE = re.compile(r"https?://(?!localhost\b|127\.0\.0\.1|\[)[\w-]+\.[\w.-]+")
# Said, and never asked for: XML's namespaces, a protocol's own page, the example of a setting.
MAY_BE_SAID = re.compile(r"https?://(www\.w3\.org|tus\.io|(beside|s3)\.example\.org\.?)$")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    yield from (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef))


def named(paths: Iterable[Path]) -> list[str]:
    return [str(path.relative_to(SOURCE)) for path in paths]


def inside(path: Path, *packages: str) -> bool:
    return path.relative_to(SOURCE).parts[0] in packages


def test_each_module_says_in_a_sentence_what_it_is_for():
    def says(path: Path) -> bool:
        said = ast.get_docstring(tree(path)) or ""
        return said.split("\n\n")[0].rstrip().endswith((".", "?", ":"))

    assert named(path for path in MODULES if not says(path)) == []


def test_each_module_is_short():
    lines = {path: path.read_text("utf-8").count("\n") for path in MODULES}

    assert named(path for path in MODULES if lines[path] > LONGEST_MODULE) == []


def test_each_function_is_short():
    long = [
        f"{path.relative_to(SOURCE)}: {function.name}"
        for path in MODULES
        for function in functions(path)
        if function.end_lineno - function.lineno + 1 > LONGEST_FUNCTION
    ]

    assert long == []


def test_most_functions_are_shorter_still():
    lengths = [
        function.end_lineno - function.lineno + 1
        for path in MODULES
        for function in functions(path)
    ]

    short = sum(length <= USUAL_FUNCTION for length in lengths)
    assert short / len(lengths) >= 0.9


def test_each_view_hands_on_whatever_is_longer():
    long = [
        f"{path.name}: {function.name}"
        for path in (WEB / "views").glob("*.py")
        for function in functions(path)
        if lines_of_body(function) > LONGEST_VIEW
    ]

    assert long == []


def lines_of_body(function: ast.FunctionDef) -> int:
    """How many lines a function has below its docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return function.end_lineno - body[0].lineno + 1 if body else 0


def test_each_module_is_called_after_a_thing_or_an_act():
    def is_so(name: str) -> bool:
        return not name.endswith("ing") or name in ACTS | NOUNS_IN_ING

    called = [path for path in MODULES if path.stem in NO_NAMES_FOR_MODULES or not is_so(path.stem)]
    assert named(called) == []


def nouns(folder: Path) -> set[str]:
    return {path.stem for path in folder.glob("*.py")} - {"__init__", "conftest"}


def test_pages_forms_templates_and_tests_have_the_noun_of_a_view():
    views = nouns(WEB / "views")
    named = {
        "pages": nouns(WEB / "pages"),
        "forms": nouns(WEB / "forms"),
        "templates": {path.name for path in (WEB / "templates").iterdir() if path.is_dir()},
        "tests": {path.stem.removeprefix("test_") for path in WEB_TESTS.glob("test_*.py")},
    }

    of_no_view = {kind: found - views - SHARED[kind] for kind, found in named.items()}
    assert not any(of_no_view.values()), of_no_view


def test_pages_are_values_and_no_dicts():
    dicts = [
        f"{path.relative_to(ROOT)}: {function.name}"
        for path in sorted((WEB / "pages").glob("*.py"))
        for function in functions(path)
        if not function.name.startswith("_")
        and function.returns is not None
        # A mapping by id is an index, and no context.
        and re.match(r"(dict|Mapping)\[str", ast.unparse(function.returns))
    ]
    not_frozen = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in sorted((WEB / "pages").glob("*.py"))
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef) and not is_frozen(node)
    ]

    assert not dicts
    assert not not_frozen


def is_frozen(node: ast.ClassDef) -> bool:
    named_tuple = any(ast.unparse(base) in ("NamedTuple", "Enum") for base in node.bases)
    return named_tuple or any("frozen=True" in ast.unparse(one) for one in node.decorator_list)


SAYS = {"__init__", "echo", "ClickException", "UsageError", "ValueError", "fail"} | {
    *("well", "note", "wrong", "Finding")
}
NOT_FILLED_IN = re.compile(r"\{[a-z_][a-z_.]*\}")


def constants(node: ast.AST) -> Iterator[ast.Constant]:
    yield from (one for one in ast.walk(node) if isinstance(one, ast.Constant))


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_no_sentence_has_a_name_in_braces_that_nobody_fills_in(path):
    """A line of a sentence in several that lacks its `f`."""
    lines = [node for node in ast.walk(tree(path)) if isinstance(node, ast.JoinedStr)]
    said = [
        word
        for call in ast.walk(tree(path))
        if isinstance(call, ast.Call)
        and getattr(call.func, "attr", getattr(call.func, "id", "")) in SAYS
        for word in call.args
    ]

    assert not [
        one.value
        for node in (*lines, *said)
        for one in constants(node)
        if isinstance(one.value, str) and NOT_FILLED_IN.search(one.value)
    ]


def test_only_posts_and_access_start_a_query_for_posts():
    elsewhere = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in MODULES
        if not inside(path, "posts", "access")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute)
        and node.attr == "objects"
        and isinstance(node.value, ast.Name)
        and node.value.id == "Post"
    ]

    assert not elsewhere


def test_only_one_module_calls_html_safe():
    named = {
        path
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Name | ast.alias)
        and "mark_safe" in (getattr(node, "id", ""), getattr(node, "name", ""))
    }

    assert named <= {SOURCE / "web" / "safe_html.py"}


def test_no_template_calls_html_safe():
    calling = [
        str(path.relative_to(ROOT))
        for path in SOURCE.rglob("*.html")
        if re.search(r"\|\s*safe\b|autoescape\s+off", path.read_text("utf-8"))
    ]

    assert not calling


def test_no_domain_module_knows_a_request():
    knowing = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in MODULES
        if inside(path, *DOMAIN)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith(("django.http", "django.shortcuts", "django.views"))
    ]

    assert not knowing


def test_no_domain_module_looks_at_the_clock():
    looking = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in MODULES
        if inside(path, *DOMAIN) and path.name != "models.py"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("timezone.now", "datetime.now")
    ]

    assert not looking


def test_nothing_is_counted_or_brought_back_unasked():
    named = [
        f"{path.relative_to(ROOT)}: {found[0]}"
        for path in (*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html"), *SOURCE.rglob("*.js"))
        if (found := NEVER_A_THING.search(path.read_text("utf-8")))
    ]

    assert not named


def test_nothing_is_asked_of_another_origin():
    asked = [
        f"{path.relative_to(ROOT)}: {found[0]}"
        for path in SOURCE.rglob("*")
        if path.suffix in (".py", ".html", ".js", ".css", ".svg", ".txt")
        for found in ELSEWHERE.finditer(path.read_text("utf-8"))
        if not MAY_BE_SAID.match(found[0])
    ]

    assert not asked


ADDS = (
    migrations.CreateModel,
    migrations.AddField,
    migrations.AddIndex,
    migrations.RunPython,
    migrations.AlterModelManagers,
    migrations.AlterModelOptions,
)


def test_each_app_has_at_most_one_migration_a_release():
    for folder in SOURCE.glob("*/migrations"):
        made = sorted(path.name for path in folder.glob("0*.py"))

        assert made[0] == "0001_initial.py", folder
        assert [name[:4] for name in made[1:]] in ([], ["0002"]), folder


@pytest.mark.django_db
def test_migrations_after_the_first_only_add_so_that_the_version_before_runs_beside_them():
    ours = {path.parent.name for path in SOURCE.glob("*/migrations")}
    for (app, name), migration in MigrationLoader(None).disk_migrations.items():
        if app not in ours or name == "0001_initial":
            continue
        for operation in migration.operations:
            assert isinstance(operation, ADDS), (app, name, operation)
            if isinstance(operation, migrations.AddField):
                field = operation.field
                assert field.null or field.has_db_default() or field.many_to_many, (
                    app,
                    name,
                    operation.name,
                )


def test_pictures_of_the_demonstration_are_small():
    sizes = {path.name: path.stat().st_size for path in SOURCE.rglob("*.webp")}

    assert sizes
    assert max(sizes.values()) < 100_000


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
