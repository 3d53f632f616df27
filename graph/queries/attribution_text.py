"""Attribution in words: the source or author of a bundle, and the runs, or key and grants, behind it."""

import re
from typing import Final

from graph.queries.attribution import Attribution, Form, Voucher

NOT_RECORDED: Final = "not recorded"
_HASH: Final = re.compile(r"[0-9a-f]{40,}")
_NAMED: Final = 3


def words_of(found: Attribution) -> str:
    """Return one line; what is not known is stated, and long hashes are shortened."""
    return short("; ".join(_parts(found)))


def _parts(found: Attribution) -> list[str]:
    match found.form:
        case Form.RECORD:
            away = [] if found.lives else ["not in the graph now"]
            return [f"record of {found.by}, {_when(found.at)}", _vouched(found.vouchers), *away]
        case Form.STATEMENT:
            said = f"statement by {found.by}, {_when(found.at)}"
            return [said, _authority(found), *_standing(found)]
        case Form.NOT_UNDERSTOOD:
            return ["bundle of a version not understood yet", f"who is behind it: {NOT_RECORDED}"]


def _standing(found: Attribution) -> list[str]:
    if found.lives or found.pending is not None:
        return []
    return ["retracted or superseded" if found.counts else "the key had no authority to say it"]


def short(text: str) -> str:
    """Shorten the long hashes of a text to their first 8 and last 4 digits."""
    return _HASH.sub(lambda found: f"{found[0][:8]}…{found[0][-4:]}", text)


def _when(at: str | None) -> str:
    return at or f"time {NOT_RECORDED}"


def _vouched(vouchers: tuple[Voucher, ...]) -> str:
    if not vouchers:
        return "no living run vouches for it"
    if len(vouchers) == 1:
        [one] = vouchers
        return f"vouched for by a run of {_author(one)}, {_when(one.at)}"
    authors = list(dict.fromkeys(map(_author, vouchers)))
    more = f" and {len(authors) - _NAMED} more" if len(authors) > _NAMED else ""
    return f"vouched for by {len(vouchers)} runs of {', '.join(authors[:_NAMED])}{more}"


def _author(one: Voucher) -> str:
    trusted = "trusted here" if one.is_trusted else "not trusted here"
    return f"{one.author or f'an author {NOT_RECORDED}'} ({trusted})"


def _authority(found: Attribution) -> str:
    if found.pending is not None:
        return f"author {NOT_RECORDED}: {found.pending}"
    author = found.author or f"an author {NOT_RECORDED}"
    if not found.chain:
        return f"with the key {found.key} of its own"
    grants = "the grant " if len(found.chain) == 1 else "the grants "
    grants += ", ".join(f"{one.grant} ({one.scope})" for one in found.chain)
    return f"of {author} through the key {found.key} under {grants}"
