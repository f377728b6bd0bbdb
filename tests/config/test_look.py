"""The design system keeps its promises: contrast, size, no inline style, every part renders, fonts carry Vietnamese."""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest
from django.template import Context, Template, TemplateSyntaxError, engines
from django.test import Client, RequestFactory, override_settings
from django.utils import translation
from fontTools.ttLib import TTFont

from config import geometry
from config.context import site
from config.fonts import RANGES, prepare_fonts
from config.templatetags.look import ARTS, initial, letter, option_key
from config.views.styleguide import styleguide

CONFIG = Path(settings.BASE_DIR) / "config"
CSS = CONFIG / "static" / "css"
TEMPLATES = CONFIG / "templates"
TEXT_TOKENS = ("ink", "muted", "son", "cham", "ngoc", "vang", "tim", "da")
GROUNDS = ("paper", "card", "sunk")
CSS_BUDGET_BYTES = 20_000
FONT_BUDGET_BYTES = 30_000


def draw(source: str, **context: object) -> str:
    return Template("{% load look %}" + source).render(Context(context))


# --- Colour -----------------------------------------------------------------------------------------------------------


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def palette(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9A-F]{6})", block))


def palettes() -> dict[str, dict[str, str]]:
    source = (CSS / "tokens.css").read_text()
    day = palette(source[source.index(":root {") : source.index("@media")])
    system = palette(
        source[source.index(':root:not([data-theme="light"])') : source.index('  :root[data-theme="dark"]')]
    )
    chosen = palette(source[source.index(':root[data-theme="dark"]') : source.index("@media (prefers-contrast")])
    return {"day": day, "night": day | system, "night by choice": day | chosen}


@pytest.mark.parametrize("theme", ["day", "night", "night by choice"])
def test_text_colours_reach_aa_on_every_ground(theme: str) -> None:
    colours = palettes()[theme]
    pairs = [(text, ground) for text in TEXT_TOKENS for ground in GROUNDS]
    pairs += [(tint, f"{tint}-soft") for tint in TEXT_TOKENS[2:]]
    pairs += [(text, f"{tint}-soft") for text in ("ink", "muted") for tint in TEXT_TOKENS[2:]]
    pairs += [("on-son", "son-fill"), ("on-son", "son-press"), ("on-gold", "gold")]
    weak = {pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("theme", ["day", "night"])
def test_reading_text_reaches_aaa_and_edges_are_seen(theme: str) -> None:
    colours = palettes()[theme]
    assert min(contrast(colours["ink"], colours[ground]) for ground in GROUNDS) >= 7
    assert contrast(colours["muted"], colours["paper"]) >= 7
    assert min(contrast(colours["edge"], colours[ground]) for ground in GROUNDS) >= 3


def test_night_is_the_same_by_system_and_by_choice() -> None:
    assert palettes()["night"] == palettes()["night by choice"]


# --- Files ------------------------------------------------------------------------------------------------------------


def test_style_sheets_stay_within_their_budget() -> None:
    assert sum(len(gzip.compress(sheet.read_bytes())) for sheet in CSS.glob("*.css")) <= CSS_BUDGET_BYTES


@pytest.mark.parametrize("modern", ["color-mix(", "light-dark(", "width >=", "width <="])
def test_style_sheets_use_nothing_old_phones_lack(modern: str) -> None:
    assert [sheet.name for sheet in CSS.glob("*.css") if modern in sheet.read_text()] == []


def test_no_text_is_set_in_capitals() -> None:
    assert [sheet.name for sheet in CSS.glob("*.css") if "uppercase" in sheet.read_text()] == []


def test_every_file_a_style_sheet_names_exists() -> None:
    named = {name for sheet in CSS.glob("*.css") for name in re.findall(r'url\("\.\./(.+?)"\)', sheet.read_text())}
    assert named
    assert {name for name in named if finders.find(name) is None} == set()


def test_templates_hold_no_inline_style_or_script() -> None:
    inline = re.compile(r"\sstyle=|<style|\son[a-z]+=\"|<script(?![^>]*\bsrc=)|javascript:")
    assert [str(page) for page in sorted(TEMPLATES.rglob("*.*")) if inline.search(page.read_text())] == []


def test_modules_import_only_what_exists() -> None:
    scripts = CONFIG / "static" / "js"
    wanted = {name for js in scripts.glob("*.js") for name in re.findall(r'(?:from|import) "\./(.+?)"', js.read_text())}
    assert wanted <= {js.name for js in scripts.glob("*.js")}


def test_every_option_has_its_own_shape() -> None:
    sprite = (CONFIG / "static" / "img" / "shapes.svg").read_text()
    drawn = dict(re.findall(r'<symbol id="(\w)".*?</title>(.*?)</symbol>', sprite))
    assert sorted(drawn) == list("abcdef")
    assert len(set(drawn.values())) == 6


# --- Fonts ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return prepare_fonts(tmp_path_factory.mktemp("static-extra"))


def test_fonts_carry_vietnamese_and_stay_small(fonts: list[Path]) -> None:
    assert [path.name for path in fonts] == [f"be-vietnam-pro-{weight}.woff2" for weight in (400, 600, 800)]
    for path in fonts:
        assert path.stat().st_size <= FONT_BUDGET_BYTES
        characters = TTFont(path).getBestCmap()
        assert {letter for letter in "ẪậỂổỮựỵĐđ₫–“”…×0123456789" if ord(letter) not in characters} == set()


def test_fonts_have_figures_of_one_width(fonts: list[Path]) -> None:
    for path in fonts:
        font = TTFont(path)
        table = font["GSUB"].table
        (tnum,) = [record.Feature for record in table.FeatureList.FeatureRecord if record.FeatureTag == "tnum"]
        swaps = table.LookupList.Lookup[tnum.LookupListIndex[0]].SubTable[0].mapping
        characters = font.getBestCmap()
        assert set(swaps) == {characters[ord(digit)] for digit in "0123456789"}
        assert len({font["hmtx"][name][0] for name in swaps.values()}) == 1


def test_fonts_are_made_once_and_mended_when_one_is_missing(fonts: list[Path]) -> None:
    before = [path.stat().st_mtime_ns for path in fonts]
    assert [path.stat().st_mtime_ns for path in prepare_fonts(fonts[0].parent.parent)] == before
    fonts[1].unlink()
    prepare_fonts(fonts[0].parent.parent)
    assert fonts[1].exists()


def test_font_ranges_do_not_overlap() -> None:
    codes = [code for first, last in RANGES for code in range(first, last + 1)]
    assert len(codes) == len(set(codes))


# --- Numbers behind the drawings ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "shown"), [(532, "8:52"), (0.2, "0:01"), (0, "0:00"), (-5, "0:00"), (3600, "1:00:00"), (59.01, "1:00")]
)
def test_clock_counts_part_seconds_as_whole(seconds: float, shown: str) -> None:
    assert geometry.clock(seconds) == shown


@pytest.mark.parametrize(
    ("left", "level"), [(None, "calm"), (60, "calm"), (59.9, "gold"), (10, "gold"), (9.9, "son"), (0, "son")]
)
def test_ring_turns_gold_under_60_s_and_cinnabar_under_10_s(left: float | None, level: str) -> None:
    assert geometry.level(left) == level


@pytest.mark.parametrize(("done", "total"), [(0, 15), (1, 15), (7, 15), (15, 15)])
def test_marks_fill_exactly_the_circle(done: int, total: int) -> None:
    assert sum(map(float, geometry.marks_dash(done, total).split())) == pytest.approx(total)


def test_shares_and_percents_survive_nothing_at_all() -> None:
    assert geometry.percents([]) == []
    assert geometry.percents([0, 0]) == ["0", "0"]
    assert geometry.shares([0.0]) == ["0"]
    assert geometry.shares([3, 1]) == ["75", "25"]
    assert geometry.columns([]).columns == ()


def test_numbers_in_drawings_are_never_localised() -> None:
    with translation.override("vi"):
        html = draw(
            '{% ring left=1234.5 total=2000 answered=3 questions=1200 label="x" %}{% bar_chart bars %}{% distribution bars %}',
            bars=[("a", 12345), ("b", 7)],
        )
    attributes = re.findall(r'(?:dasharray|width|height|x|y|data-\w+|pathLength)="([^"]*)"', html)
    assert attributes
    assert [value for value in attributes if "," in value or re.search(r"\d\.\d{3}$", value)] == []
    assert 'data-questions="1200"' in html


# --- Parts ------------------------------------------------------------------------------------------------------------


def test_letters_and_shapes_go_round() -> None:
    assert [letter(i) for i in (0, 5, 25)] == ["A", "F", "Z"]
    assert [option_key(i) for i in (0, 5, 6)] == ["a", "f", "a"]


def test_initial_is_that_of_the_given_name() -> None:
    assert [initial(name) for name in ("Nguyễn Phước Thiên Hương Bảo Châu", "ánh", " ", "…451")] == ["C", "Á", "", ""]


def test_option_card_is_a_labelled_control_and_text_is_escaped() -> None:
    html = draw('{% option index=1 name="q" value=7 text=text checked=True state="saved" %}', text="<b>5 < 6</b>")
    assert '<input type="radio" name="q" value="7" checked>' in html
    assert "&lt;b&gt;5 &lt; 6&lt;/b&gt;" in html
    assert "Đã lưu" in html
    assert 'data-option="b"' in html


def test_option_card_without_a_name_has_no_control() -> None:
    html = draw('{% option index=0 text="A" checked=True state="right" %}')
    assert "<input" not in html
    assert "data-chosen" in html


def test_ring_says_what_it_is() -> None:
    timed = draw('{% ring left=42 total=900 now=1000 deadline=1042 label="Thời gian còn lại" %}')
    assert 'role="timer"' in timed
    assert 'data-deadline="1042.000"' in timed
    assert 'data-level="gold"' in timed
    assert 'aria-valuenow="40"' in draw('{% ring answered=40 questions=100 label="Đang chấm" size="s" %}')
    assert "data-long" not in timed
    assert "data-long" in draw('{% ring left=86399 total=86400 label="Còn lại" %}')
    waiting = draw('{% ring busy=True label="Đang tải" %}')
    assert "aria-valuenow" not in waiting
    with pytest.raises(TemplateSyntaxError):
        draw('{% ring left=1 label="x" size="huge" %}')


def test_every_drawing_is_there_and_decorative() -> None:
    for name in sorted(ARTS):
        assert 'aria-hidden="true"' in draw("{% art name %}", name=name)
    with pytest.raises(TemplateSyntaxError):
        draw('{% art "dragon" %}')


class Profile(forms.Form):
    """A small form of every kind."""

    full_name = forms.CharField(label="Họ và tên", help_text="Có dấu.")
    note = forms.CharField(label="Lời nhắn", required=False, widget=forms.Textarea)
    group = forms.ChoiceField(label="Bảng", choices=[("a", "A")], widget=forms.RadioSelect)
    consent = forms.BooleanField(label="Tôi đồng ý")
    place = forms.CharField(widget=forms.HiddenInput, required=False)


def test_fields_tie_hint_and_error_to_the_control() -> None:
    html = draw("{% form_fields form %}", form=Profile({"full_name": ""}))
    assert 'id="id_full_name_helptext"' in html
    assert 'id="id_full_name_error"' in html
    described = re.search(r'name="full_name"[^>]*aria-describedby="([^"]+)"', html)
    assert described is not None
    assert set(described[1].split()) == {"id_full_name_helptext", "id_full_name_error"}
    assert html.count("data-invalid") == 3
    assert "không bắt buộc" in html
    assert html.count('name="place"') == 1


@dataclass(frozen=True, slots=True)
class Row:
    """A row as the boards give it."""

    rank: int
    name: str
    unit: str
    points: str
    time: int


def test_boards_take_objects_and_mark_own_row_and_ties() -> None:
    rows = [
        Row(1, "A", "X", "19,5", 412),
        Row(2, "B", "Y", "19", 388),
        Row(2, "C", "", "19", 388),
        Row(4, "D", "Z", "1", 5),
    ]
    podium = draw("{% podium rows %}", rows=rows)
    assert podium.count("<li") == 3
    assert "6:52" in podium
    row = draw("{% board_row row own=True tie=True key=5 %}", row=rows[1])
    assert "data-own" in row
    assert 'data-key="5"' in row
    assert "đồng hạng" in row
    assert "Bạn" in row


# --- Pages ------------------------------------------------------------------------------------------------------------


def request_for(path: str, **cookies: str) -> HttpRequest:
    request = RequestFactory().get(path)
    request.COOKIES.update(cookies)
    request.user = AnonymousUser()
    return request


@pytest.mark.parametrize(("cookie", "theme"), [("dark", "dark"), ("light", "light"), ("", ""), ('"><script>', "")])
def test_theme_comes_from_a_checked_cookie(cookie: str, theme: str) -> None:
    assert site(request_for("/", theme=cookie))["theme"] == theme


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "413", "429", "offline"])
def test_error_pages_have_a_drawing_a_sentence_and_a_way_out(name: str) -> None:
    html = engines["django"].get_template(f"{name}.html").render({}, request_for("/x/"))
    assert 'class="art"' in html
    assert html.count("<h1>") == 1
    assert re.search(r'<a class="btn btn-primary" href="[^"]+">', html)


@pytest.mark.parametrize("name", ["500", "503"])
def test_pages_for_the_worst_render_without_any_context(name: str) -> None:
    html = engines["django"].get_template(f"{name}.html").render()
    assert "Thi Số" in html
    assert 'class="art"' in html
    assert "{%" not in html


@pytest.mark.parametrize("screen", ["", "?man=chieu", "?man=quan-ly"])
def test_style_guide_shows_every_part_in_development(screen: str) -> None:
    with override_settings(DEBUG=True):
        response = styleguide(request_for(f"/kieu/{screen}"))
    assert response.status_code == 200
    assert "style=" not in response.content.decode()


def test_style_guide_is_closed_to_residents() -> None:
    with override_settings(DEBUG=False), pytest.raises(Http404):
        styleguide(request_for("/kieu/"))


def test_robots_are_kept_from_what_belongs_to_one_person(client: Client) -> None:
    answer = client.get("/robots.txt")
    assert answer.headers["Content-Type"].startswith("text/plain")
    lines = answer.content.decode().splitlines()
    assert {"Disallow: /tai-khoan/", "Disallow: /k/", "Disallow: /quan-ly/"} <= set(lines)
    assert "Disallow: /" not in lines
