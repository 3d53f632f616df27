"""Attribution in words: the source or author of a bundle, and the runs, or key and grants, behind it."""

import re
from typing import Final

from graph.queries.attribution import Attribution, BundleForm, Voucher

NOT_RECORDED: Final = "not recorded"
_HASH: Final = re.compile(r"[0-9a-f]{40,}")
_MAX_NAMES: Final = 3


def describe_attribution(attribution: Attribution) -> str:
    """Return one line; what is not known is stated, and long hashes are shortened."""
    return shorten_hashes("; ".join(_parts(attribution)))


def _parts(attribution: Attribution) -> list[str]:
    match attribution.form:
        case BundleForm.RECORD:
            absence = [] if attribution.lives else ["not in the graph now"]
            return [
                f"record of {attribution.by}, {_time_text(attribution.at)}",
                _vouchers_text(attribution.vouchers),
                *absence,
            ]
        case BundleForm.STATEMENT:
            headline = f"statement by {attribution.by}, {_time_text(attribution.at)}"
            return [headline, _authority_text(attribution), *_absence_reason(attribution)]
        case BundleForm.NOT_UNDERSTOOD:
            return ["bundle of a version not understood yet", f"who is behind it: {NOT_RECORDED}"]


def _absence_reason(attribution: Attribution) -> list[str]:
    if attribution.lives or attribution.pending is not None:
        return []
    return [
        "retracted or superseded" if attribution.counts else "the key had no authority to say it"
    ]


def shorten_hashes(text: str) -> str:
    """Shorten the long hashes of a text to their first 8 and last 4 digits."""
    return _HASH.sub(lambda match: f"{match[0][:8]}…{match[0][-4:]}", text)


def _time_text(at: str | None) -> str:
    return at or f"time {NOT_RECORDED}"


def _vouchers_text(vouchers: tuple[Voucher, ...]) -> str:
    if not vouchers:
        return "no living run vouches for it"
    if len(vouchers) == 1:
        [voucher] = vouchers
        return f"vouched for by a run of {_author_text(voucher)}, {_time_text(voucher.at)}"
    authors = list(dict.fromkeys(map(_author_text, vouchers)))
    rest = f" and {len(authors) - _MAX_NAMES} more" if len(authors) > _MAX_NAMES else ""
    return f"vouched for by {len(vouchers)} runs of {', '.join(authors[:_MAX_NAMES])}{rest}"


def _author_text(voucher: Voucher) -> str:
    trusted = "trusted here" if voucher.is_trusted else "not trusted here"
    return f"{voucher.author or f'an author {NOT_RECORDED}'} ({trusted})"


def _authority_text(attribution: Attribution) -> str:
    if attribution.pending is not None:
        return f"author {NOT_RECORDED}: {attribution.pending}"
    author = attribution.author or f"an author {NOT_RECORDED}"
    if not attribution.chain:
        return f"with the key {attribution.key} of its own"
    grants = "the grant " if len(attribution.chain) == 1 else "the grants "
    grants += ", ".join(f"{link.grant} ({link.scope})" for link in attribution.chain)
    return f"of {author} through the key {attribution.key} under {grants}"
