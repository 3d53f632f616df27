"""Find a browser for the tests that click, or install one: `make browser` runs this."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WAY_OUT = """\
make: no browser for the tests that click through the explorer.
      Looked for {names} on PATH and for Playwright's own Chromium; neither is there, and
      Playwright's download did not work here. Install one, for example:
        apt-get install -y chromium          (Debian, as root)
        brew install --cask chromium         (macOS)
"""


def on_path() -> str | None:
    """The first browser of NAMES on PATH."""
    return next((found for found in map(shutil.which, NAMES) if found), None)


def playwrights_own() -> str | None:
    """Playwright's Chromium, if it was downloaded and starts here (a bare system lacks its libraries)."""
    from playwright.sync_api import Error, sync_playwright

    try:
        with sync_playwright() as playwright:
            path = playwright.chromium.executable_path
            if not Path(path).exists():
                return None
            playwright.chromium.launch(headless=True).close()
            return path
    except Error:
        return None


def download() -> None:
    """Let Playwright fetch its Chromium; whether that worked is seen by looking again."""
    sys.stderr.write("make: no browser on PATH; asking Playwright for its own\n")
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


def debian_package() -> None:
    """Install Debian's Chromium where this user may."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    sys.stderr.write("make: installing Debian's chromium\n")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (
        ["update", "-q"],
        ["install", "-y", "-q", "--no-install-recommends", "chromium"],
    ):
        subprocess.run(["apt-get", *arguments], check=False, env=environment)


def main() -> int:
    """Exit 0 if there is a browser now, 1 with the way out if there is none."""
    found = on_path() or playwrights_own()
    if not found:
        download()
        found = playwrights_own()
    if not found:
        debian_package()
        found = on_path()
    if not found:
        sys.stderr.write(WAY_OUT.format(names=", ".join(NAMES)))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
