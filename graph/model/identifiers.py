"""Identifiers (arXiv, DOI, ORCID, ROR, …): the canonical form, the possible kinds and the owning source of each."""

import re
from collections.abc import Callable
from functools import lru_cache
from string import ascii_lowercase, ascii_uppercase, whitespace
from typing import Final
from urllib.parse import unquote_to_bytes

from graph.errors import Fault, IdentifierError
from graph.model.vocabulary import ENTITY_KINDS, Kind

_HEX64 = re.compile(r"[0-9a-f]{64}")
_MONTH: Final = "(?:0[1-9]|1[0-2])"
_ARXIV_NEW = re.compile(rf"([0-9]{{2}}{_MONTH}\.[0-9]{{4,5}})(v[1-9][0-9]{{0,8}})?")
_ARXIV_OLD = re.compile(
    rf"([a-z][a-z-]{{0,15}})/([0-9]{{2}}{_MONTH}[0-9]{{3}})(v[1-9][0-9]{{0,8}})?"
)
_SUBJECT_CLASS = re.compile(r"^([a-z-]+)\.[A-Za-z-]{2,}(?=/[0-9]{7})")
_DOI = re.compile(
    r"10\.[0-9]{4,9}(?:\.[0-9]{1,9})*/"
    r"(?:[\x21-\x24\x26-\x40\x5b-\x7e]|%(?:25|[01][0-9a-f]|20|7f|[89a-f][0-9a-f])){1,400}"
)
_ORCID = re.compile(r"(?:[0-9]{4}-){3}[0-9]{3}[0-9X]")
_ROR = re.compile(r"0[0-9a-hjkmnp-tv-z]{6}[0-9]{2}")
_SWH = re.compile(r"1:(cnt|dir|rev|rel|snp):[0-9a-f]{40}")
_GIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_OPENALEX = re.compile(r"([WACTSIPF])[1-9][0-9]{0,14}")
_MLFLOW_PART: Final = "[A-Za-z0-9_.-]{1,128}"
_MLFLOW_RUN = re.compile(f"{_MLFLOW_PART}/{_MLFLOW_PART}")
_MLFLOW_MODEL = re.compile(f"{_MLFLOW_PART}/models/{_MLFLOW_PART}")
_CONCEPT = re.compile(r"[a-z][a-z0-9-]*/[\x21-\x7e]{1,200}")
_NAME = re.compile(r"[0-9a-f]{64}(?:\.(?:[2-9]|[1-9][0-9]{1,8}))?")
_READABLE_PART: Final = "[A-Za-z0-9_.:-]{1,128}"
_READABLE = re.compile(f"{_READABLE_PART}/{_READABLE_PART}(?:@{_READABLE_PART})?")
_REPOSITORY = re.compile(f"git/{_GIT.pattern}")
_KEY = re.compile(r"([a-z][a-z0-9]*):((?:[0-9a-f]{2}){1,64})")
_SCHEME: Final = "[a-z][a-z0-9-]*"
_ANY = re.compile(rf"{_SCHEME}:[\x21-\x7e]+")
_LABEL = re.compile(r"#[A-Za-z0-9_-]{1,64}")
MAX_ID_BYTES: Final = 512
ED25519: Final = "ed25519:"
# Of ASCII alone: what becomes an id depends on no table of Unicode, as those grow.
_ANY_CASE: Final = re.IGNORECASE | re.ASCII
_TO_LOWER: Final = str.maketrans(ascii_uppercase, ascii_lowercase)
_TO_UPPER: Final = str.maketrans(ascii_lowercase, ascii_uppercase)
_URLS: Final = (
    ("doi:", re.compile(r"https?://(?:dx\.)?doi\.org/", _ANY_CASE)),
    ("orcid:", re.compile(r"https?://orcid\.org/", _ANY_CASE)),
    ("ror:", re.compile(r"https?://ror\.org/", _ANY_CASE)),
    ("openalex:", re.compile(r"https?://(?:api\.)?openalex\.org/(?:[a-z]+/)?", _ANY_CASE)),
    ("arxiv:", re.compile(r"https?://(?:export\.)?arxiv\.org/(?:abs|pdf)/", _ANY_CASE)),
    ("arxiv:", re.compile(r"oai:arXiv\.org:", _ANY_CASE)),
)
_OPENALEX_KINDS: Final = {
    "W": Kind.WORK,
    "A": Kind.PERSON,
    "C": Kind.CONCEPT,
    "T": Kind.CONCEPT,
    "S": Kind.VENUE,
    "I": Kind.ORGANIZATION,
    "P": Kind.ORGANIZATION,
    "F": Kind.ORGANIZATION,
}
_SWH_KINDS: Final = {
    "cnt": Kind.FILE,
    "dir": Kind.CODE,
    "rev": Kind.VERSION,
    "rel": Kind.VERSION,
    "snp": Kind.CODE,
}
_OWNERS: Final = {
    "arxiv": "source:arxiv",
    "openalex": "source:openalex",
    "git": "source:git",
    "mlflow": "source:mlflow",
    "doi": "source:crossref",
    "orcid": "source:orcid",
    "ror": "source:ror",
    "swh": "source:swh",
}


def _only(*kinds: Kind) -> frozenset[Kind]:
    return frozenset(kinds)


_WORKS: Final = _only(Kind.WORK)
_VERSIONS: Final = _only(Kind.VERSION)
_MENTIONS: Final = _only(Kind.MENTION)


def _arxiv(rest: str) -> frozenset[Kind] | None:
    match = _ARXIV_NEW.fullmatch(rest) or _ARXIV_OLD.fullmatch(rest)
    if match is None:
        return None
    return _VERSIONS if match[match.re.groups] else _WORKS


def _version_tail(rest: str) -> str:
    match = _ARXIV_NEW.fullmatch(rest) or _ARXIV_OLD.fullmatch(rest)
    return (match[match.re.groups] or "") if match else ""


def _openalex(rest: str) -> frozenset[Kind] | None:
    match = _OPENALEX.fullmatch(rest)
    return _only(_OPENALEX_KINDS[match[1]]) if match else None


def _orcid(rest: str) -> frozenset[Kind] | None:
    return _only(Kind.PERSON) if _ORCID.fullmatch(rest) and _has_valid_check_digit(rest) else None


def _has_valid_check_digit(rest: str) -> bool:
    """Return whether the check digit is right: ISO 7064 MOD 11-2, as ORCID's own manual gives it."""
    total = 0
    for digit in rest.replace("-", "")[:-1]:
        total = (total + int(digit)) * 2
    return "0123456789X"[(12 - total % 11) % 11] == rest[-1]


def _mention(rest: str) -> frozenset[Kind] | None:
    subject, _, name = rest.rpartition("/")
    is_mention = (
        _NAME.fullmatch(name) and not subject.startswith("mention:") and is_identifier(subject)
    )
    return _MENTIONS if is_mention else None


def _concept(rest: str) -> frozenset[Kind] | None:
    match = _HEX64.fullmatch(rest) or _CONCEPT.fullmatch(rest)
    return _only(Kind.CONCEPT) if match else None


def _mlflow(rest: str) -> frozenset[Kind] | None:
    if _MLFLOW_MODEL.fullmatch(rest):
        return _only(Kind.MODEL)
    return _only(Kind.RUN) if _MLFLOW_RUN.fullmatch(rest) else None


def _swh(rest: str) -> frozenset[Kind] | None:
    match = _SWH.fullmatch(rest)
    return _only(_SWH_KINDS[match[1]]) if match else None


def _agent(kind: Kind) -> Callable[[str], frozenset[Kind] | None]:
    def check(rest: str) -> frozenset[Kind] | None:
        return _only(kind) if _HEX64.fullmatch(rest) or is_key_form(rest) else None

    return check


def _form(
    pattern: re.Pattern[str], kinds: frozenset[Kind]
) -> Callable[[str], frozenset[Kind] | None]:
    def check(rest: str) -> frozenset[Kind] | None:
        return kinds if pattern.fullmatch(rest) else None

    return check


def is_key_form(text: str) -> bool:
    """Return whether the text has the form of a key, of whatever algorithm; of Ed25519 it has 64 hex digits."""
    match = _KEY.fullmatch(text)
    return bool(match) and (not text.startswith(ED25519) or len(text) == len(ED25519) + 64)


_SCHEMES: Final[dict[str, Callable[[str], frozenset[Kind] | None]]] = {
    **{kind.value: _form(_HEX64, _only(kind)) for kind in Kind},
    "mention": _mention,
    "concept": _concept,
    "person": _agent(Kind.PERSON),
    "software": _agent(Kind.SOFTWARE),
    "arxiv": _arxiv,
    "doi": _form(_DOI, ENTITY_KINDS),
    "orcid": _orcid,
    "ror": _form(_ROR, _only(Kind.ORGANIZATION)),
    "swh": _swh,
    "git": _form(_GIT, _only(Kind.VERSION)),
    "sha256": _form(_HEX64, ENTITY_KINDS),
    "openalex": _openalex,
    "mlflow": _mlflow,
    "source": _form(re.compile(_SCHEME), _only(Kind.SOFTWARE, Kind.ORGANIZATION)),
    "model": _form(re.compile(f"{_HEX64.pattern}|{_READABLE.pattern}"), _only(Kind.MODEL)),
    "repository": _form(_REPOSITORY, _only(Kind.CODE)),
}


@lru_cache(maxsize=4096)
def kinds_of(identifier: str) -> frozenset[Kind]:
    """Return the kinds that a thing of this id may have; empty where the text is no identifier (docs/bundle.md, section 4)."""
    if len(identifier) > MAX_ID_BYTES:
        return frozenset()
    scheme, _, rest = identifier.partition(":")
    check = _SCHEMES.get(scheme)
    return (check(rest) or frozenset()) if check else frozenset()


def is_identifier(text: str) -> bool:
    """Return whether the text is an identifier in its canonical form."""
    return bool(kinds_of(text))


def is_label(text: str) -> bool:
    """Return whether the text is the label of a new thing in a statement: `#1`, `#idea`."""
    return text.startswith("#") and bool(_LABEL.fullmatch(text))


def is_any_id(text: str) -> bool:
    """Return whether the text has the form to which a header holds: what a later vocabulary brings has it too."""
    return len(text) <= MAX_ID_BYTES and bool(_ANY.fullmatch(text))


def kind_of(identifier: str) -> Kind | None:
    """Return the kind that the id alone implies, `None` where it may be several."""
    kinds = kinds_of(identifier)
    return next(iter(kinds)) if len(kinds) == 1 else None


def owner_of(identifier: str) -> str | None:
    """Return the source that an id belongs to (`source:arxiv`), `None` for a minted or unowned one."""
    subject = mention_subject(identifier) if identifier.startswith("mention:") else identifier
    scheme, _, rest = subject.partition(":")
    if scheme == "concept" and not _HEX64.fullmatch(rest):
        return "source:" + rest.partition("/")[0]
    return _OWNERS.get(scheme)


def mention_subject(identifier: str) -> str:
    """Return the id that a mention stands on (`arxiv:X` for `mention:arxiv:X/…`): its owner owns the mention too."""
    return identifier.removeprefix("mention:").rpartition("/")[0]


def key_in(identifier: str) -> str | None:
    """Return the key that an id names (`person:ed25519:…`), `None` where it names none."""
    scheme, _, rest = identifier.partition(":")
    return rest if scheme in {"person", "software"} and is_key_form(rest) else None


def belongs(identifier: str, subject: str) -> bool:
    """Return whether a record of this subject may describe the id: the subject, a version of it, a name on it."""
    if identifier == subject or work_of(identifier) == subject:
        return True
    return (
        identifier.rpartition("/")[0] == f"mention:{subject}"
    )  # a subject may have a slash itself


def work_of(identifier: str) -> str | None:
    """Return the work of an arXiv version (`arxiv:2401.01234v2` is of `arxiv:2401.01234`), else `None`."""
    if not identifier.startswith("arxiv:"):
        return None
    tail = _version_tail(identifier.removeprefix("arxiv:"))
    return identifier.removesuffix(tail) if tail else None


def _doi_form(text: str, *, is_address: bool) -> str:
    """Return a DOI in its canonical form; in an address, what is written `%xx` is read first, and a canonical one stays."""
    if any(octet <= 0x20 for octet in text.encode(errors="surrogatepass")):
        return text  # a space is none of a DOI's as people write it
    lower = text.translate(_TO_LOWER)
    if not is_address and _DOI.fullmatch(lower):
        return lower
    octets = unquote_to_bytes(text) if is_address else text.encode(errors="surrogatepass")
    return "".join(
        chr(octet).lower() if 0x20 < octet < 0x7F and octet != 0x25 else f"%{octet:02x}"
        for octet in octets
    )


def canonical_id(text: str) -> str:
    """Return the canonical form of an identifier that a person or a source wrote.

    Addresses of doi.org, orcid.org, ror.org, openalex.org and arxiv.org are understood; in DOIs A to Z become
    lower-case, and what isn't printable ASCII is written `%xx`; an old arXiv id loses its subject class
    (`math.GT/0309136` is `math/0309136`).

    Raises:
        IdentifierError: It is none.
    """
    identifier = text.strip(whitespace)
    is_address = False
    for prefix, pattern in _URLS:
        if pattern.match(identifier):
            identifier = prefix + pattern.sub("", identifier, count=1)
            is_address = True
            break
    scheme, _, rest = identifier.partition(":")
    scheme = scheme.translate(_TO_LOWER)
    if scheme == "doi":
        rest = _doi_form(rest, is_address=is_address)
    elif scheme == "arxiv":
        rest = _SUBJECT_CLASS.sub(r"\1", rest.removesuffix(".pdf"))
    elif scheme in {"orcid", "openalex"}:
        rest = rest.translate(_TO_UPPER)
    identifier = f"{scheme}:{rest}"
    if not is_identifier(identifier):
        raise IdentifierError(
            "not an identifier",
            [
                Fault(
                    "id",
                    "one like arxiv:2512.05356, doi:10.…, openalex:W…, idea:<64 hex>",
                    text[:200],
                )
            ],
        )
    return identifier
