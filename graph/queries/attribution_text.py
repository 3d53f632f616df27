"""Attribution in words, the one place for them: the source or author of a bundle, and its runs, or key and grants."""

import re
from typing import Final

from graph.queries.attribution import Attribution, BundleForm, GrantLink, Voucher

_NOT_RECORDED: Final = "not recorded"
_HASH: Final = re.compile(r"[0-9a-f]{40,}")
_MAX_NAMES: Final = 3
_MAX_ROWS: Final = 10


def describe_attribution(attribution: Attribution) -> str:
    """Return one line, in which the long hashes are shortened to their first 8 and last 4 digits."""
    line = attribution_line(attribution)
    return _HASH.sub(lambda match: f"{match[0][:8]}…{match[0][-4:]}", line)


def attribution_line(attribution: Attribution) -> str:
    """Return one line with whole ids; what is not known is stated."""
    return "; ".join(_parts(attribution))


def attribution_rows(attribution: Attribution) -> list[tuple[str, str]]:
    """Return names and values with whole ids: the author, the keys, the grants up to the author, the runs.

    Of grants and runs, the first 10 are listed and the rest is counted.
    """
    rows = [
        ("by", attribution.by or _NOT_RECORDED),
        ("at", attribution.at or _NOT_RECORDED),
        ("author", _root_text(attribution)),
    ]
    if attribution.key is not None:
        rows.append(("key", attribution.key))
    for link in attribution.chain[:_MAX_ROWS]:
        rows.append(("under the grant", _grant_text(link)))
        rows.append(("granted by", f"{link.by} through the key {link.granted_by}"))
    rows += _rest_row("under the grant", len(attribution.chain))
    if attribution.form is BundleForm.RECORD:
        rows += _voucher_rows(attribution.vouchers)
    return rows


def _parts(attribution: Attribution) -> list[str]:
    match attribution.form:
        case BundleForm.RECORD:
            absence = [] if attribution.lives else [attribution.pending or "not in the graph now"]
            return [
                f"record of {attribution.by}, {_time_text(attribution.at)}",
                _vouchers_text(attribution.vouchers),
                *absence,
            ]
        case BundleForm.STATEMENT:
            headline = f"statement by {attribution.by}, {_time_text(attribution.at)}"
            return [headline, _authority_text(attribution), *_absence_reason(attribution)]
        case BundleForm.NOT_UNDERSTOOD:
            return ["bundle of a version not understood yet", f"who is behind it: {_NOT_RECORDED}"]


def _absence_reason(attribution: Attribution) -> list[str]:
    if attribution.lives or attribution.pending is not None:
        return []
    return [
        "retracted, superseded or erased"
        if attribution.counts
        else "the key had no authority to say it"
    ]


def _time_text(at: str | None) -> str:
    return at or f"time {_NOT_RECORDED}"


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
    return f"{voucher.author or f'an author {_NOT_RECORDED}'} ({trusted})"


def _authority_text(attribution: Attribution) -> str:
    if attribution.pending is not None:
        return f"author {_root_text(attribution)}"
    author = attribution.author or f"an author {_NOT_RECORDED}"
    if not attribution.chain:
        return f"with the key {attribution.key} of its own"
    grants = "the grant " if len(attribution.chain) == 1 else "the grants "
    grants += ", ".join(map(_grant_text, attribution.chain))
    return f"of {author} through the key {attribution.key} under {grants}"


def _root_text(attribution: Attribution) -> str:
    if attribution.pending is not None:
        return f"{_NOT_RECORDED}: {attribution.pending}"
    return attribution.author or _NOT_RECORDED


def _grant_text(link: GrantLink) -> str:
    return f"{link.grant} ({link.scope})"


def _voucher_rows(vouchers: tuple[Voucher, ...]) -> list[tuple[str, str]]:
    name = "vouched for by"
    rows = [
        (
            name,
            f"{run.run}, run of {_author_text(run)} as {run.by or _NOT_RECORDED}, {_time_text(run.at)}",
        )
        for run in vouchers[:_MAX_ROWS]
    ]
    return [*rows, *_rest_row(name, len(vouchers))] or [(name, "no living run")]


def _rest_row(name: str, count: int) -> list[tuple[str, str]]:
    return [(name, f"{count - _MAX_ROWS:,} more")] if count > _MAX_ROWS else []
