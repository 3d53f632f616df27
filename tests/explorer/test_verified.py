"""What the page checks itself: signatures, the log's checkpoint, and that the log never goes back."""

import json
import re
from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from graph.model.model import Body
from graph.speaker import Speaker
from tests.explorer.conftest import SIGNER, _clock

pytestmark = pytest.mark.browser

Change: TypeAlias = Callable[[Any], None]
LOG = "**/log/consistency?*"


def check(page: Page, what: str) -> Any:
    return page.locator(".checks li", has_text=what)


def grew(page: Page) -> Any:
    return check(page, "The log has only grown since this browser last saw it")


def altered(page: Page, address: str, change: Change) -> None:
    """A service that changes what it answers."""

    def answer(route: Route) -> None:
        given = route.fetch()
        value = given.json()
        change(value)
        route.fulfill(response=given, body=json.dumps(value))

    page.route(address, answer)


def test_a_statement_is_verified_with_its_signature_key_and_grant(page: Page, site: Any) -> None:
    page.goto(f"/id/{site.granted}")
    expect(page.get_by_text("Verified in this browser")).to_be_visible()
    expect(page.locator(".checks .pass")).to_have_count(8)
    expect(check(page, "are of the form that bundles have")).to_contain_text("passed")
    expect(check(page, "This header is signed by the key that it names")).to_contain_text("passed")
    expect(grew(page)).to_contain_text("not checked")
    expect(grew(page)).to_contain_text("seen here for the first time")
    page.reload()
    expect(page.locator(".checks .pass")).to_have_count(9)
    who = page.locator("section", has=page.get_by_role("heading", name="Attribution"))
    expect(who).to_contain_text(re.compile(r"under the grant.*\(to speak\).*granted by"))
    who.get_by_role("link", name=re.compile("^sha256:")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("A statement by person:ed25519")
    expect(page.locator("pre").first).to_contain_text('"grants"')


def test_every_line_says_whose_it_is_and_through_what(page: Page, site: Any) -> None:
    claim = next(iter(site.store.bundles_by_id([site.granted])[site.granted].bundle.minted_ids()))
    page.goto(f"/id/{claim}")
    told = page.locator(".described > div", has=page.get_by_text("stated by", exact=True))
    expect(told).to_contain_text("statement by ai:55555555")
    expect(told).to_contain_text(re.compile("of ed25519:.* through the key .* under the grant"))
    line = page.locator(".relations li").first.get_by_role("link", name="Where this comes from")
    expect(line).to_have_attribute(
        "title", re.compile("^statement by ai:.* under the grant sha256:")
    )
    line.click()
    expect(page).to_have_url(re.compile(f"/id/{site.granted}$"))
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(
        re.compile("^A statement by ai:5555.*according to ed25519:[0-9a-f…]{13}$")
    )


def test_the_keys_of_the_log_have_a_page(page: Page, site: Any) -> None:
    page.goto(f"/id/{site.granted}")
    page.get_by_role("link", name="All keys of this log").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Keys of this log")
    authors = page.locator(".author")
    expect(authors).to_have_count(2)
    trusted = authors.filter(has_text=SIGNER.key[8:16])
    expect(trusted.get_by_role("heading")).to_contain_text(re.compile("31b8 trusted here$"))
    person = authors.filter(has=page.get_by_text("ai:55555555"))
    expect(person.get_by_role("heading")).to_contain_text("not trusted here")
    row = person.locator("tbody tr").nth(1)
    expect(row).to_contain_text(re.compile("to speak, by ed25519:29acbae1.*living"))
    row.get_by_role("link", name=re.compile("^sha256:")).click()
    expect(page.locator("pre").first).to_contain_text('"grants"')


def flipped(value: Any) -> None:
    """Another signature, as a service would serve that made the statement up."""
    bundle = (value.get("data") or {}).get("bundle")
    if bundle:
        [signature] = bundle["envelope"]["signatures"]
        first = signature["sig"][0]
        signature["sig"] = ("B" if first == "A" else "A") + signature["sig"][1:]


def test_a_tampered_signature_is_said(page: Page, site: Any) -> None:
    altered(page, "**/graphql", flipped)
    page.goto(f"/id/{site.granted}")
    expect(page.get_by_role("alert")).to_contain_text("Does not verify")
    expect(check(page, "This header is signed by")).to_contain_text("failed")
    expect(page.locator(".checks .fail")).to_have_count(1)


def test_a_stripped_signature_is_said(page: Page, site: Any) -> None:
    def strip(value: Any) -> None:
        if (value.get("data") or {}).get("bundle"):
            value["data"]["bundle"]["envelope"] = None

    altered(page, "**/graphql", strip)
    page.goto(f"/id/{site.granted}")
    expect(page.get_by_role("alert")).to_contain_text("Does not verify")
    expect(check(page, "This header is signed by")).to_contain_text("There is no signature by")


def test_a_checkpoint_that_another_key_signed_is_refused(page: Page, site: Any) -> None:
    def forge(value: Any) -> None:
        text, _, signature = value["second"]["note"].rpartition(" ")
        middle = len(signature) // 2
        other = "A" if signature[middle] != "A" else "B"
        value["second"]["note"] = f"{text} {signature[:middle]}{other}{signature[middle + 1 :]}"

    altered(page, LOG, forge)
    page.goto(f"/id/{site.granted}")
    expect(page.get_by_role("alert")).to_contain_text("Refused")
    expect(check(page, "The log's current checkpoint is signed")).to_contain_text("failed")
    assert page.evaluate("localStorage.getItem('seen')") is None, "what is refused is not kept"


def test_a_log_that_goes_back_is_refused_until_the_reader_says_otherwise(
    page: Page, site: Any
) -> None:
    """The service goes on for a while, and then is put back to an earlier copy of itself."""
    earlier: dict[str, str] = {}

    def keep(route: Route) -> None:
        answer = route.fetch()
        earlier[route.request.post_data or route.request.url] = answer.text()
        route.fulfill(response=answer)

    page.route("**/graphql", keep)
    page.route(LOG, keep)
    page.goto(f"/id/{site.granted}")
    expect(page.get_by_text("Verified in this browser")).to_be_visible()
    page.unroute_all()
    speaker = Speaker(SIGNER, f"software:{SIGNER.key}", _clock)
    site.store.append(lambda look: [speaker.make_statement(look, Body())])
    page.reload()
    expect(grew(page)).to_contain_text("passed")
    size = site.store.checkpoint().size
    expect(grew(page)).to_contain_text(f"{size - 1} bundles")

    def old(route: Route) -> None:
        key = route.request.post_data or route.request.url
        route.fulfill(body=earlier[key], content_type="application/json")

    page.route("**/graphql", old)
    page.route(LOG, old)
    for _ in range(2):
        page.reload()
        expect(page.get_by_role("alert")).to_contain_text("Refused")
        expect(grew(page)).to_contain_text("failed")
        expect(grew(page)).to_contain_text(f"Rolled back: {size} bundles")
    page.get_by_role("button", name="Forget the old log").click()
    expect(page.get_by_text("Verified in this browser")).to_be_visible()
    expect(grew(page)).to_contain_text("seen here for the first time")


@pytest.mark.parametrize("size", [1, 20])
def test_a_log_that_was_rewritten_is_refused(page: Page, site: Any, size: int) -> None:
    """This browser saw another beginning: what is here now can't be that log."""
    page.goto(f"/id/{site.granted}")
    expect(page.get_by_text("Verified in this browser")).to_be_visible()
    page.evaluate(
        """size => localStorage.setItem("seen", JSON.stringify(
        {...JSON.parse(localStorage.getItem("seen")), size, root: "ab".repeat(32)}))""",
        size,
    )
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("Refused")
    expect(grew(page)).to_contain_text("Forked")


def test_another_log_at_the_same_address_is_refused(page: Page, site: Any) -> None:
    page.goto("/")
    seen = {"origin": "colineage/other", "key": SIGNER.key, "size": 3, "root": "ab" * 32}
    page.evaluate(
        "seen => localStorage.setItem('seen', JSON.stringify(seen))",
        seen | {"at": "2026-11-01T00:00:00Z"},
    )
    page.goto(f"/id/{site.granted}")
    expect(page.get_by_role("alert")).to_contain_text("Refused")
    expect(grew(page)).to_contain_text("Another log: colineage/other was here on 2026-11-01")


@pytest.fixture
def without_ed25519(context: BrowserContext) -> None:
    """As in a browser that has SHA-256 alone."""
    context.add_init_script(
        """const real = globalThis.SubtleCrypto?.prototype.importKey;
        if (real) SubtleCrypto.prototype.importKey = function (form, key, algorithm, ...more) {
          return algorithm === "Ed25519"
            ? Promise.reject(new DOMException("unknown", "NotSupportedError"))
            : real.call(this, form, key, algorithm, ...more);
        };"""
    )


def test_a_browser_that_cannot_verify_signatures_says_so(
    without_ed25519: None, page: Page, site: Any
) -> None:
    page.goto(f"/id/{site.granted}")
    expect(page.get_by_text("Verified in this browser")).to_contain_text("3 checks below could not")
    for what in ("This header is signed by", "The log's current checkpoint is signed"):
        expect(check(page, what)).to_contain_text("not checked")
        expect(check(page, what)).to_contain_text("this browser can't verify Ed25519")


@pytest.mark.parametrize(
    ("status", "words"),
    [(404, "this service signs no checkpoint"), (503, "answered with status 503")],
)
def test_a_service_that_signs_nothing_is_said_to(
    browser: Browser, site: Any, status: int, words: str
) -> None:
    """A profile of its own: the browser itself prints an error for such an answer."""
    context = browser.new_context(base_url=site.url)
    page = context.new_page()
    page.route(LOG, lambda route: route.fulfill(status=status, body="{}"))
    page.goto(f"/id/{site.granted}")
    expect(page.get_by_text("Verified in this browser")).to_contain_text("1 check below could not")
    expect(check(page, "The log's current checkpoint is signed")).to_contain_text(words)
    context.close()
