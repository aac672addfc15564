from __future__ import annotations

import re
import tomllib
from pathlib import Path

import click
import pytest

from beside.cli import main
from beside.cli.settings import table
from beside.config.env import Env

ROOT = Path(__file__).parents[1]
PAGES = [
    *ROOT.glob("*.md"),
    *ROOT.glob("docs/*.md"),
    *ROOT.glob("deploy/*.md"),
    *ROOT.glob("bench/*.md"),
]
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(#[^)]*)?\)|<img[^>]*src=\"([^\"]+)\"")
MAKE = re.compile(r"^(?:make|\$ make) ([a-z0-9]+)|`make ([a-z0-9]+)`", re.MULTILINE)


def commands() -> list[str]:
    return [name for name in main.list_commands(click.Context(main)) if name != "django"]


def targets() -> set[str]:
    return set(re.findall(r"^([a-z0-9]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def test_the_page_of_settings_is_the_generated_one():
    assert read("docs/settings.md") == table()


@pytest.mark.parametrize("name", list(Env.model_fields))
def test_every_setting_has_a_sentence(name):
    sentence = Env.model_fields[name].description or ""

    assert sentence[0].isupper()
    assert sentence.endswith(".")


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_no_page_says_to_install_it_from_a_registry_where_it_is_not(page):
    shown = re.findall(r"```.*?```", page.read_text("utf-8"), re.DOTALL)

    assert not [one for one in shown if re.search(r"install (--\S+ )*'?beside\b", one)]


@pytest.mark.parametrize("name", commands())
def test_every_command_is_documented(name):
    assert re.search(rf"`?beside {name}\b", read("docs/hosting.md"))


@pytest.mark.parametrize("name", commands())
def test_every_command_says_what_it_does(name):
    command = main.get_command(click.Context(main), name)

    assert command is not None
    assert command.help.strip().endswith(".")


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_what_a_page_says_to_make_can_be_made(page):
    named = {first or second for first, second in MAKE.findall(page.read_text("utf-8"))}

    assert named <= targets()


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(page):
    broken = [
        target
        for first, _, image in LINK.findall(page.read_text("utf-8"))
        if (target := first or image)
        and not target.startswith(("http:", "https:", "mailto:"))
        and not (page.parent / target).exists()
    ]

    assert not broken


def test_the_changelog_knows_this_version():
    version = tomllib.loads(read("pyproject.toml"))["project"]["version"]
    headings = re.findall(r"^## (\S+)", read("CHANGELOG.md"), re.MULTILINE)
    released = [heading for heading in headings if heading != "Unreleased"]

    assert headings[0] == "Unreleased"
    assert released[:1] in ([version], [])


def test_the_readme_is_short():
    assert read("README.md").count("\n") <= 120


def test_the_makefile_says_what_each_target_does():
    said = set(re.findall(r"^([a-z0-9]+):.*##", read("Makefile"), re.MULTILINE))
    phony = set(re.search(r"^\.PHONY: (.*)$", read("Makefile"), re.MULTILINE)[1].split())

    assert said == phony
