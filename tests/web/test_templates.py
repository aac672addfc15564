from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.template import TemplateSyntaxError
from django.template.loader import get_template
from django.test import Client, override_settings

WEB = settings.SOURCE / "web"
STATIC = WEB / "static" / "beside"
MODULES = sorted(STATIC.glob("*.js"))
KB = 1024
LINES = 60
# A protocol, and the rows that tell of it, hold together better whole.
LONGER = {
    "autosave.js": 90,
    "drag.js": 65,
    "sheet.js": 90,
    "tus.js": 130,
    "upload.js": 215,
    "viewer.js": 90,
}

# Words that are the same in every language: the name, and signs.
SAID_BY_NOBODY = re.compile(r"^[\W\d_]*(Beside)?[\W\d_]*$")
SPOKEN_ATTRIBUTES = ("alt", "aria-label", "placeholder", "title")
LOADED_ATTRIBUTES = ("src", "srcset", "action", "formaction", "data", "poster")

# What is no bare word: tags, values, comments, what is translated, and the body's own attributes.
TRANSLATED = re.compile(
    r"{% *block body *%}.*?{% *endblock[^%]*%}|{%-? *blocktrans(?:late)?\b.*?{%-? *endblocktrans(?:late)? *%}|{% *comment *%}.*?{% *endcomment *%}"
    r"|{#.*?#}|{%.*?%}|{{.*?}}",
    re.DOTALL,
)


class _Page(HTMLParser):
    """Collects what a template says in bare words, and what it breaks."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.broken: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._silent += tag in {"script", "style"}
        if tag == "style" or (tag == "script" and "src" not in given):
            self.broken.append(f"inline <{tag}>")
        for name, value in given.items():
            self._attribute(tag, name, value)

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self._silent and not SAID_BY_NOBODY.match(data.strip()):
            self.words.append(data.strip())

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if name == "style" or name.startswith("on"):
            self.broken.append(f"inline {name} on <{tag}>")
        loads = name in LOADED_ATTRIBUTES or (tag == "link" and name == "href")
        if loads and re.search(r"(https?:)?//", value):
            self.broken.append(f"<{tag}> loads {value}")
        if value.strip().lower().startswith("javascript:"):
            self.broken.append(f"<{tag}> runs {value}")
        if name in SPOKEN_ATTRIBUTES and not SAID_BY_NOBODY.match(value.strip()):
            self.words.append(f"{name}: {value}")


def _read(text: str) -> _Page:
    page = _Page()
    page.feed(TRANSLATED.sub("", text))
    page.close()
    return page


TEXTS = {
    str(path.relative_to(WEB / "templates")): path.read_text(encoding="utf-8")
    for path in sorted((WEB / "templates").rglob("*.html"))
}


def test_each_template_compiles():
    slips = {}
    for name in TEXTS:
        try:
            get_template(name)
        except TemplateSyntaxError as slip:
            slips[name] = str(slip)

    assert slips == {}


def test_no_template_holds_inline_code_or_loads_anything_from_elsewhere():
    broken = {name: _read(text).broken for name, text in TEXTS.items()}

    assert {name: slips for name, slips in broken.items() if slips} == {}


def test_all_that_a_template_says_can_be_translated():
    words = {name: _read(text).words for name, text in TEXTS.items()}

    assert {name: bare for name, bare in words.items() if bare} == {}


def test_no_template_marks_anything_safe():
    safe = re.compile(r"\|\s*(safe|safeseq)\b|autoescape off")

    assert [name for name, text in TEXTS.items() if safe.search(text)] == []


def test_a_form_that_posts_carries_its_token():
    def lacks_token(text: str) -> bool:
        forms = re.findall(r"<form\b.*?</form>", text, re.DOTALL)
        posts = [form for form in forms if re.search(r'^<form[^>]*method="post"', form)]
        return any("{% csrf_token %}" not in form for form in posts)

    assert [name for name, text in TEXTS.items() if lacks_token(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "<p>Bare words</p>",
        '<img alt="Bare words">',
        "{% if a %}Bare{% endif %}",
        "<p>{{ name }} wrote</p>",
    ],
)
def test_bare_words_are_noticed(text):
    assert _read(text).words


@pytest.mark.parametrize(
    "text",
    [
        '<p style="color:red">',
        '<a onclick="go()">',
        "<script>go()</script>",
        '<img src="https://elsewhere.example/a.png">',
        '<link href="//elsewhere.example/a.css">',
        '<a href="javascript:go()">',
    ],
)
def test_inline_code_and_other_places_are_noticed(text):
    assert _read(text).broken


def test_translated_words_and_signs_are_not_taken_for_bare_ones():
    text = """{# Why. #}<a class="brand">Beside</a> · {% translate "Home" %}, {{ name }}
    <img alt="{% translate 'A stone' %}">{% blocktranslate %}by {{ name }}{% endblocktranslate %}"""

    assert _read(text).words == []


def test_the_stylesheet_is_under_24_kb():
    assert (STATIC / "beside.css").stat().st_size < 24 * KB


def test_the_stylesheet_asks_for_nothing_else():
    sheet = (STATIC / "beside.css").read_text(encoding="utf-8")

    assert not re.search(r"url\(|@import|@font-face", sheet)


# A property, or a value, that means a side of the screen and not of a line.
PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border|scroll-(?:margin|padding))-(?:left|right|top|bottom)[\w-]*"
    r"|left|right|top|bottom|(?:min-|max-)?(?:width|height)|border-(?:top|bottom)-(?:left|right)-radius)\s*:"
    r"|(?:float|clear|text-align)\s*:\s*(?:left|right)"
)
# Four values, of which the second and the fourth differ.
SIDES = re.compile(r"(?<![\w-])(?:margin|padding|inset|border-(?:width|color|style))\s*:([^;}]*)")
# Questions about a screen, which has no direction.
ASKED_OF_A_SCREEN = re.compile(r"@(?:media|container)[^{]*\{|@supports[^{]*\{")


def physical_in(sheet: str) -> list[str]:
    rules = ASKED_OF_A_SCREEN.sub("", re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL))
    found = [one.group() for one in PHYSICAL.finditer(rules)]
    for one in SIDES.finditer(rules):
        sides = re.findall(r"(?:[^\s()]|\((?:[^()]|\([^()]*\))*\))+", one[1])
        if len(sides) == 4 and sides[1] != sides[3]:
            found.append(one.group())
    return found


def test_the_stylesheet_knows_the_sides_of_a_line_and_not_of_the_screen():
    assert physical_in((STATIC / "beside.css").read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "rule",
    [
        *("a{margin-left:1px}", "a{left:0}", "a{b:c;right: 0}", "a{text-align:right}"),
        *("a{float:left}", "a{padding:0 1px 0 2px}", "a{inset:0 auto 0 calc(1px*(2 + 3))}"),
        *("a{border-right:0}", "a{width:1px}", "a{border-top-left-radius:1px}"),
    ],
)
def test_a_side_of_the_screen_is_noticed(rule):
    assert physical_in(rule)


def test_every_text_field_in_a_template_has_a_direction():
    field = re.compile(
        r'<textarea\b[^>]*>|<input\b(?![^>]*type="(?:hidden|checkbox|radio|file)")[^>]*>'
    )
    without = [
        f"{name}: {found}"
        for name, text in TEXTS.items()
        for found in field.findall(text)
        if not re.search(r'\bdir="(?:auto|ltr)"|name="credential"', found)
    ]

    assert without == []


def test_arrows_are_the_stylesheets_so_that_they_point_back_in_either_direction():
    sheet = (STATIC / "beside.css").read_text(encoding="utf-8")
    typed = [name for name, text in TEXTS.items() if re.search("[←→]", text)]

    assert typed == ["parts/viewer.html"]
    assert "[dir=rtl] .back::before" in sheet
    assert "[dir=rtl] [data-step]" in sheet


def parts_of(template: str) -> set[str]:
    """The template, and what it extends and includes."""
    text = (WEB / "templates" / template).read_text(encoding="utf-8")
    found = {template}
    for name in re.findall(r"""{% (?:extends|include) ['"]([^'"]+)""", text):
        found |= parts_of(name)
    return found


def test_photographs_that_can_be_seen_large_have_a_viewer_on_their_page():
    showing = [page for page in TEXTS if {"base.html", "parts/print.html"} <= parts_of(page)]

    assert "letter/show.html" in showing
    assert [page for page in showing if "parts/viewer.html" not in parts_of(page)] == []


def scripts_of(template: str) -> set[str]:
    """The scripts that a page loads, and those that these import."""
    parts = [(WEB / "templates" / part).read_text("utf-8") for part in parts_of(template)]
    waiting = re.findall(r"beside/(\w+\.js)", "".join(parts))
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            text = (STATIC / name).read_text("utf-8")
            waiting += re.findall(r"(?:from|import) '\./(\w+\.js)'", text)
    return found


def test_no_page_loads_36_kb_of_scripts():
    loaded = {
        page: sum((STATIC / name).stat().st_size for name in scripts_of(page)) for page in TEXTS
    }

    assert {"beside.js", "tus.js", "unsent.js"} <= scripts_of("editor/edit.html")
    assert "closer.js" in scripts_of("letter/show.html")
    assert max(loaded.values()) < 36 * KB, loaded


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_a_script_is_one_small_behaviour(module):
    lines = module.read_text(encoding="utf-8").splitlines()

    assert len(lines) <= LONGER.get(module.name, LINES)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_a_script_runs_no_text_and_writes_no_markup(module):
    text = module.read_text(encoding="utf-8")

    assert not re.search(r"\beval\(|new Function|innerHTML|outerHTML|insertAdjacentHTML", text)
    assert not re.search(r"['\"`](https?:)?//", text)


@pytest.mark.filterwarnings("ignore:No directory at")
def test_modules_are_named_by_what_is_in_them_all_the_way_down(tmp_path):
    storages = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "beside.web.static_files.HashedFiles"},
    }

    with override_settings(STORAGES=storages, STATIC_ROOT=tmp_path):
        call_command("collectstatic", interactive=False, verbosity=0)

    [entry] = (tmp_path / "beside").glob("beside.????????????.js")
    named = re.findall(r"import *['\"]\./([^'\"]+)", entry.read_text(encoding="utf-8"))
    assert named
    assert all((tmp_path / "beside" / name).exists() for name in named)
    assert all(re.search(r"\.[0-9a-f]{12}\.js$", name) for name in named)


def test_a_phone_can_put_it_on_its_home_screen_and_share_photographs_into_it():
    answer = Client(HTTP_HOST="localhost").get("/manifest.webmanifest")

    manifest = answer.json()
    assert answer.headers["Content-Type"] == "application/manifest+json"
    assert manifest["name"] == manifest["short_name"] == "Beside"
    assert manifest["share_target"]["method"] == "POST"
    for icon in manifest["icons"]:
        assert finders.find(icon["src"].removeprefix(settings.STATIC_URL))
