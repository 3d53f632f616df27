"""Themes, a phone, the keyboard, hostile text, and the policy that lets nothing in from elsewhere."""

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any, TypeAlias

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

Visit: TypeAlias = Callable[[Page, str], None]

PAPER = "arxiv:2512.05356"
TITLE = "AI & Human Co-Improvement for Safer Co-Superintelligence"
PHONE = {"width": 390, "height": 844}
LEAST_CONTRAST = 4.5
MAX_FIRST_BYTES = 100_000

CONTRASTS = """() => {
  const parse = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, k) => sum + v * [0.2126, 0.7152, 0.0722][k], 0);
  const ground = el => {
    for (let e = el; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor);
      if (c.length === 3 || c[3] > 0) return c;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const el of document.querySelectorAll("body *")) {
    const own = [...el.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    if (!own || !el.checkVisibility()) continue;
    const inPicture = el.namespaceURI.endsWith("svg");
    const style = getComputedStyle(el);
    const ink = parse(inPicture ? style.fill : style.color);
    const under = inPicture && el.closest(".box, .stub");
    const back = under ? parse(getComputedStyle(under.querySelector("rect")).fill) : ground(el);
    const [a, b] = [light(ink), light(back)].sort((x, y) => y - x);
    found.push([(a + 0.05) / (b + 0.05), el.className.baseVal ?? el.className, el.textContent.slice(0, 40)]);
  }
  return found;
}"""


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    "path",
    ["/", "/?view=said", "/?view=keys", "/id/{granted}"]
    + [f"/id/{{idea}}?view={view}" for view in ("facts", "lineage", "related")],
)
def test_every_text_has_contrast_in_both_themes(
    browser: Browser, site: Any, visit: Visit, theme: Any, path: str
) -> None:
    context = browser.new_context(base_url=site.url, color_scheme=theme)
    page = context.new_page()
    visit(page, path.format(idea=site.idea, granted=site.granted))
    found = page.evaluate(CONTRASTS)
    assert len(found) > 10
    assert [one for one in found if one[0] < LEAST_CONTRAST] == []
    context.close()


def test_the_theme_is_chosen_kept_and_left_to_the_system_again(page: Page) -> None:
    def ground() -> str:
        return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))

    page.goto("/")
    switch = page.get_by_role("button", name=re.compile("^Theme"))
    light = ground()
    switch.click()
    dark = ground()
    assert dark != light
    page.reload()
    assert ground() == dark
    switch.click()
    switch.click()
    page.emulate_media(color_scheme="dark")
    assert ground() == dark
    page.emulate_media(color_scheme="light")
    assert ground() == light


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/?q=AI",
        "/id/{paper}",
        "/id/{idea}",
        "/id/{idea}?view=lineage&depth=2",
        "/id/{run}?view=audit",
    ]
    + [f"/id/arxiv:2401.0000{k}" for k in range(1, 6)]
    + ["/id/arxiv:2401.00003?view=lineage", "/?view=directions"]
    + ["/?view=said", "/?view=keys", "/id/{granted}"],
)
def test_a_phone_has_one_column_and_scrolls_one_way(
    page: Page, site: Any, visit: Visit, path: str
) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    visit(page, path.format(paper=PAPER, idea=site.idea, run=site.run, granted=site.granted))
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_on_a_phone_the_table_is_below_the_picture(page: Page, site: Any) -> None:
    page.goto(f"/id/{site.idea}?view=lineage")
    beside = page.locator(".steps").bounding_box()
    picture = page.locator(".frame").bounding_box()
    assert beside and picture and beside["x"] >= picture["x"] + picture["width"]
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    beside, picture = page.locator(".steps").bounding_box(), page.locator(".frame").bounding_box()
    assert beside and picture and beside["y"] >= picture["y"] + picture["height"]


def _focused(page: Page) -> str:
    said: str = page.evaluate(
        "(document.activeElement.getAttribute('aria-label') || document.activeElement.textContent || '')"
    )
    return said.strip()


def test_the_keyboard_alone_is_enough(page: Page, site: Any) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    assert _focused(page) == "Skip to the content"
    expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("Let both improve")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Results")
    _tab_to(page, "Let both improve each other")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    _tab_to(page, "Lineage")
    page.keyboard.press("Enter")
    expect(page.locator(".box")).to_have_count(3)
    _tab_to(page, f"Show what it came from: {TITLE}")
    page.keyboard.press("Space")
    expect(page.locator(".box")).to_have_count(9)
    expect(page.get_by_role("button", name=f"Hide what it came from: {TITLE}")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    assert "Cited work" in _focused(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Cited work")


def _tab_to(page: Page, name: str) -> None:
    for _ in range(80):
        page.keyboard.press("Tab")
        if _focused(page) == name:
            return
    pytest.fail(f"80 times Tab did not reach {name!r}")


def test_focus_is_seen(page: Page) -> None:
    page.goto("/")
    page.get_by_role("searchbox").focus()
    page.keyboard.press("Tab")
    width = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert float(width.removesuffix("px")) >= 2


def test_headings_go_down_one_level_at_a_time(page: Page, site: Any, visit: Visit) -> None:
    for path in ("/", f"/id/{PAPER}", f"/id/{site.idea}?view=lineage"):
        visit(page, path)
        levels = page.locator("h1, h2, h3, h4").evaluate_all(
            "all => all.map(one => +one.tagName[1])"
        )
        assert levels.count(1) == 1
        assert all(b - a <= 1 for a, b in pairwise(levels)), levels


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_hostile_text_stays_text(page: Page, visit: Visit, number: int) -> None:
    for view in ("facts", "lineage", "related", "map"):
        visit(page, f"/id/arxiv:2401.0000{number}?view={view}")
        assert page.title() not in {"1", "2"}
        assert page.locator("main img, main script, main b b").count() == 0
    if number == 1:
        expect(page.locator("main h1")).to_contain_text("<img src=x onerror=")
    if number == 2:
        assert page.locator("main h1").evaluate("one => getComputedStyle(one).direction") == "rtl"
    if number == 4:
        expect(page.locator("main h1")).to_contain_text("${{7*7}}")


def test_five_thousand_authors_come_a_few_at_a_time(page: Page) -> None:
    page.goto("/id/arxiv:2401.00005")
    people = page.locator(".contributors ol > li")
    expect(people).to_have_count(20)
    expect(page.locator(".contributors")).to_contain_text("5\u202f000")
    page.get_by_role("button", name="Show 100 more of").click()
    expect(people).to_have_count(120)
    expect(people.last).to_contain_text("Author 120 <b>")


def test_the_policy_is_strict_and_the_first_page_is_small(page: Page) -> None:
    sizes: list[int] = []
    page.on(
        "response",
        lambda got: (
            sizes.append(len(got.body())) if "/assets/" in got.url and ".js" in got.url else None
        ),
    )
    answer = page.goto("/")
    page.wait_for_load_state("networkidle")
    assert answer is not None
    policy = answer.header_value("content-security-policy") or ""
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert sizes and sum(sizes) < MAX_FIRST_BYTES
    assert page.locator("script:not([src]), [style], [onclick]").count() == 0


def test_graphiql_works_from_here_alone(page: Page) -> None:
    page.goto("/graphql")
    expect(page.locator(".graphiql-container")).to_be_visible()
    expect(page.locator(".graphiql-query-editor .view-lines")).to_contain_text("contributions")
    page.get_by_role("button", name=re.compile("^Execute query")).click()
    # The editor writes its spaces as no-break spaces.
    expect(page.locator(".graphiql-response")).to_contain_text(re.compile(r"Let\sboth\simprove"))
