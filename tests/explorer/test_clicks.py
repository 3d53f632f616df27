"""The way of a reader with a mouse: search, a thing, its lineage, related work, a bundle and its proof."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

pytestmark = pytest.mark.browser

PAPER = "arxiv:2512.05356"
TITLE = "AI & Human Co-Improvement for Safer Co-Superintelligence"
MOST_DRAWN = 60


def test_the_first_screen_says_what_is_here_and_where_to_start(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Which ideas came from whom")
    expect(page.get_by_role("link", name="2 ideas")).to_be_visible()
    newest = page.locator("section", has=page.get_by_role("heading", name="The newest ideas"))
    expect(newest.get_by_role("link", name="Let both improve each other").last).to_be_visible()
    expect(page.get_by_text("bundles in the log")).to_be_visible()


def test_the_latest_statements_come_newest_first_with_their_attribution(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="All statements").click()
    expect(page).to_have_url(re.compile(r"/\?view=said$"))
    first = page.locator(".results > li", has_text="Machines can check machines")
    expect(first).to_contain_text("statement by ai:55555555")
    expect(first).to_contain_text(re.compile("through the key .* under the grant"))
    expect(page.locator(".results > li").last).to_contain_text("and 48 more · 52 relations")
    first.get_by_role("link", name="Where this comes from").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("A statement by ai:55555555")


def test_from_search_to_the_proof_and_back(page: Page) -> None:
    page.goto("/")
    page.get_by_role("searchbox").fill("Co-Improvement safer")
    page.get_by_role("button", name="Search").click()
    expect(page).to_have_url(re.compile(r"/\?q=Co-Improvement\+safer$"))
    page.get_by_role("link", name=TITLE).click()
    expect(page).to_have_url(re.compile(f"/id/{PAPER}$"))
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page).to_have_title(f"{TITLE} · Colineage")
    page.get_by_role(
        "link", name=re.compile("^Where this comes from: record of source:arxiv")
    ).first.click()
    expect(page).to_have_url(re.compile(r"/id/sha256:[0-9a-f]{64}$"))
    expect(page.get_by_text("Verified in this browser")).to_be_visible()
    expect(page.locator(".checks .pass")).to_have_count(7)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Results for")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Which ideas")


def test_a_proof_that_does_not_hold_is_said(page: Page) -> None:
    """The service answers with another root: what it serves contradicts itself, and the page says so."""
    page.goto(f"/id/{PAPER}")
    page.route("**/graphql", _with_another_root)
    page.get_by_role("link", name=re.compile("^Where this comes from: record")).first.click()
    expect(page.get_by_text("Does not verify")).to_be_visible()
    expect(page.locator(".checks .fail")).to_have_count(2)  # nor does the log sign that root


def _with_another_root(route) -> None:  # type: ignore[no-untyped-def]  # Playwright's Route
    answer = route.fetch()
    value = answer.json()
    bundle = (value.get("data") or {}).get("bundle")
    if bundle:
        bundle["proof"]["root"] = "0" * 64
    route.fulfill(response=answer, body=json.dumps(value))


def test_facts_say_who_and_what_is_not_recorded(page: Page, site: object) -> None:
    page.goto(f"/id/{site.idea}")  # type: ignore[attr-defined]
    who = page.locator(".contributors")
    expect(who.locator(".first", has_text="Ada")).to_contain_text("person")
    machine = who.locator("li", has_text="A model")
    expect(machine).to_contain_text("AI")
    expect(machine).to_contain_text("lab/model@1")
    expect(machine).to_contain_text("verified by Ada")
    expect(who.locator("li", has_text="The lab")).to_contain_text("organisation")
    expect(who.locator("li", has_text="The lab")).to_contain_text("not recorded")
    shapes = {path.get_attribute("d") for path in who.locator("li .mark path").all()}
    assert len(shapes) == 3, "a person, an AI and an organisation have three shapes"
    page.goto(f"/id/{PAPER}")
    expect(page.locator(".described")).to_contain_text("not recorded")


def test_a_dispute_is_said_in_words(page: Page) -> None:
    page.goto("/id/arxiv:2401.00004")
    expect(page.get_by_role("note")).to_contain_text("disputed")


def test_lineage_grows_step_by_step_and_lives_in_the_address(page: Page, site: object) -> None:
    page.goto(f"/id/{site.idea}")  # type: ignore[attr-defined]
    page.get_by_role("link", name="Lineage", exact=True).click()
    boxes = page.locator(".box")
    expect(boxes).to_have_count(3)  # the idea, the paper, the activity
    page.get_by_role("button", name=f"Show what it came from: {TITLE}").click()
    expect(page.get_by_role("button", name=f"Hide what it came from: {TITLE}")).to_be_visible()
    expect(boxes).to_have_count(9)
    expect(page).to_have_url(re.compile(r"open=arxiv%3A2512\.05356"))
    page.get_by_role("button", name=re.compile("^Show more of the 39")).click()
    expect(boxes).to_have_count(21)
    expect(page.locator(".stub")).to_contain_text("+27 more")
    expect(page.locator(".steps tbody tr")).to_have_count(25)
    page.get_by_role("button", name=re.compile("^Show all 47 rows")).click()
    expect(page.locator(".steps tbody tr")).to_have_count(47)
    page.reload()
    expect(boxes).to_have_count(21)
    page.go_back()
    expect(boxes).to_have_count(9)
    page.go_back()
    expect(boxes).to_have_count(3)


def test_a_picture_never_holds_more_than_sixty(page: Page) -> None:
    page.goto(f"/id/{PAPER}?view=lineage&more=500~{PAPER}")
    expect(page.locator(".box")).to_have_count(46)
    assert page.locator(".box").count() <= MOST_DRAWN


def test_time_runs_from_left_to_right_and_nothing_lies_on_another(page: Page, site: object) -> None:
    page.goto(f"/id/{site.idea}?view=lineage&depth=3")  # type: ignore[attr-defined]
    expect(page.locator(".box.start")).to_be_visible()
    places = page.locator(".box rect").evaluate_all(
        "all => all.map(one => { const r = one.getBoundingClientRect();"
        " return [r.left, r.top, r.right, r.bottom]; })"
    )
    start = page.locator(".box.start rect").evaluate("one => one.getBoundingClientRect().left")
    assert max(left for left, *_ in places) == start
    for k, (left, top, right, bottom) in enumerate(places):
        for other in places[k + 1 :]:
            apart = other[0] >= right or other[2] <= left or other[1] >= bottom or other[3] <= top
            assert apart, "two boxes overlap"


def test_direction_and_steps_are_chosen_by_links(page: Page) -> None:
    page.goto(f"/id/{PAPER}?view=lineage")
    page.get_by_role("link", name="what it led to →").click()
    expect(page).to_have_url(re.compile("direction=down"))
    expect(page.locator(".box", has_text="Let both improve")).to_be_visible()
    page.get_by_role("link", name="2 steps").click()
    expect(page).to_have_url(re.compile("depth=2"))


def test_related_work_gives_its_reasons_and_its_path(page: Page, site: object) -> None:
    page.goto(f"/id/{PAPER}?view=related")
    first = page.locator(".suggestions > ol > li").first
    expect(first.locator(".reasons li").first).not_to_be_empty()
    first.locator("summary").click()
    expect(first.locator(".path li").first).to_be_visible()


def test_the_audit_of_a_run_says_what_is_unknown(page: Page, site: object) -> None:
    page.goto(f"/id/{site.run}")  # type: ignore[attr-defined]
    page.get_by_role("link", name="Audit").click()
    expect(page.locator(".verdict.unknown").first).to_contain_text("unknown")
    expect(page.locator("th[scope=row]", has_text="seed")).to_be_visible()


def test_the_map_has_a_table_beside_it(page: Page, site: object) -> None:
    page.goto(f"/id/{site.idea}?view=map")  # type: ignore[attr-defined]
    expect(page.locator(".canvas canvas, .map .empty").first).to_be_visible()
    expect(page.locator(".steps tbody tr").first).to_be_visible()


def test_directions_have_a_page(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Directions", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Unexplored directions")
    expect(page.locator(".suggestions > ol > li, .empty").first).to_be_visible()


def test_a_page_can_be_cited_and_downloaded(page: Page) -> None:
    page.goto(f"/id/{PAPER}")
    expect(page.locator(".cite")).to_contain_text("Jason Weston, Jakob Foerster.")
    expect(page.locator(".cite")).to_contain_text("As of log size")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download JSON-LD").click()
    text = Path(waiting.value.path()).read_text(encoding="utf-8")
    assert TITLE in json.dumps(json.loads(text), ensure_ascii=False)


def test_nothing_found_and_nothing_there_have_a_page(context: BrowserContext) -> None:
    page = context.new_page()
    page.goto("/?q=zzzz+nowhere+zzzz")
    expect(page.locator(".empty")).to_contain_text("Nothing here has all of these words")
    page.get_by_role("searchbox").fill("arxiv:9912.99999")
    page.get_by_role("searchbox").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Not in this graph")
    page.get_by_role("searchbox").fill("arxiv:9999.99999")
    page.get_by_role("searchbox").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("expected one like arxiv:2512.05356")


def test_an_error_is_told_and_can_be_tried_again(browser: Browser, site: object) -> None:
    """A profile of its own: the browser itself prints an error for an answer that never comes."""
    context = browser.new_context(base_url=site.url)  # type: ignore[attr-defined]
    page = context.new_page()
    page.goto("/")
    page.route("**/graphql", lambda route: route.abort())
    page.get_by_role("link", name="Directions", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("The service does not answer.")
    page.unroute("**/graphql")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".suggestions > ol > li, .empty").first).to_be_visible()
    context.close()
