"""Identifiers (arXiv, DOI, ORCID, ROR, …): the canonical form, the possible kinds and the owning source of each."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from graph.errors import Fault, IdentifierError
from graph.model.vocabulary import ENTITY_KINDS, Kind

_HEX64 = re.compile(r"[0-9a-f]{64}")
_ARXIV_NEW = re.compile(r"(\d{4}\.\d{4,5})(v[1-9]\d*)?", re.ASCII)
_ARXIV_OLD = re.compile(r"([a-z-]+)/(\d{7})(v[1-9]\d*)?", re.ASCII)
_SUBJECT_CLASS = re.compile(r"^([a-z-]+)\.[A-Za-z-]{2,}(?=/\d{7})", re.ASCII)
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_ORCID = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]", re.ASCII)
_ROR = re.compile(r"0[a-hj-km-np-tv-z0-9]{6}\d{2}")
_SWH = re.compile(r"1:(cnt|dir|rev|rel|snp):[0-9a-f]{40}")
_GIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_OPENALEX = re.compile(r"([WACSITPF])[1-9]\d*", re.ASCII)
_MLFLOW = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)
_CONCEPT = re.compile(r"[a-z][a-z0-9-]*/\S+")
_NAME = re.compile(r"[0-9a-f]{64}(?:\.(?:[2-9]|[1-9]\d+))?")
_LABEL = re.compile(r"#[A-Za-z0-9_-]{1,64}", re.ASCII)
_URLS: Final = (
    ("doi:", re.compile(r"https?://(?:dx\.)?doi\.org/", re.IGNORECASE)),
    ("orcid:", re.compile(r"https?://orcid\.org/", re.IGNORECASE)),
    ("ror:", re.compile(r"https?://ror\.org/", re.IGNORECASE)),
    ("openalex:", re.compile(r"https?://(?:api\.)?openalex\.org/(?:[a-z]+/)?", re.IGNORECASE)),
    ("arxiv:", re.compile(r"https?://(?:export\.)?arxiv\.org/(?:abs|pdf)/", re.IGNORECASE)),
    ("arxiv:", re.compile(r"oai:arXiv\.org:", re.IGNORECASE)),
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
_KIND_NAMES: Final = frozenset(kind.value for kind in Kind)
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


def _agent(kind: Kind) -> Callable[[str], frozenset[Kind] | None]:
    def check(rest: str) -> frozenset[Kind] | None:
        return _only(kind) if _HEX64.fullmatch(rest.removeprefix("ed25519:")) else None

    return check


def _form(
    pattern: re.Pattern[str], kinds: frozenset[Kind]
) -> Callable[[str], frozenset[Kind] | None]:
    def check(rest: str) -> frozenset[Kind] | None:
        return kinds if pattern.fullmatch(rest) else None

    return check


def _doi(rest: str) -> frozenset[Kind] | None:
    return ENTITY_KINDS if _DOI.fullmatch(rest) and rest == rest.lower() else None


_SCHEMES: Final[dict[str, Callable[[str], frozenset[Kind] | None]]] = {
    **{kind.value: _form(_HEX64, _only(kind)) for kind in Kind},
    "mention": _mention,
    "concept": _concept,
    "person": _agent(Kind.PERSON),
    "software": _agent(Kind.SOFTWARE),
    "arxiv": _arxiv,
    "doi": _doi,
    "orcid": _orcid,
    "ror": _form(_ROR, _only(Kind.ORGANIZATION)),
    "swh": _form(_SWH, _only(Kind.CODE, Kind.VERSION, Kind.FILE)),
    "git": _form(_GIT, _only(Kind.VERSION)),
    "sha256": _form(_HEX64, ENTITY_KINDS),
    "openalex": _openalex,
    "mlflow": _form(_MLFLOW, _only(Kind.RUN)),
    "source": _form(re.compile(r"[a-z][a-z0-9-]*"), _only(Kind.SOFTWARE, Kind.ORGANIZATION)),
}


@lru_cache(maxsize=4096)
def kinds_of(identifier: str) -> frozenset[Kind]:
    """Return the kinds that a thing of this id may have; empty where the text is no identifier."""
    scheme, _, rest = identifier.partition(":")
    check = _SCHEMES.get(scheme)
    return (check(rest) or frozenset()) if check else frozenset()


def is_identifier(text: str) -> bool:
    """Return whether the text is an identifier in its canonical form."""
    return bool(kinds_of(text))


def is_label(text: str) -> bool:
    """Return whether the text is the label of a new thing in a statement: `#1`, `#idea`."""
    return text.startswith("#") and bool(_LABEL.fullmatch(text))


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
    """Return the key that an id names (`person:ed25519:…`): the id belongs to that key's author."""
    scheme, _, rest = identifier.partition(":")
    return rest if scheme in {"person", "software"} and rest.startswith("ed25519:") else None


def subject_of(uri: str) -> str:
    """Return the id that a record's slot is about: `arxiv:X` for `oai:arXiv.org:X`, else the uri itself."""
    return (
        "arxiv:" + uri.removeprefix("oai:arXiv.org:") if uri.startswith("oai:arXiv.org:") else uri
    )


def belongs(identifier: str, uri: str) -> bool:
    """Return whether a record of this slot may describe the id: its subject, a version of it, a name on it."""
    subject = subject_of(uri)
    if identifier == subject or identifier.startswith(f"mention:{subject}/"):
        return True
    return work_of(identifier) == subject


def work_of(identifier: str) -> str | None:
    """Return the work of an arXiv version (`arxiv:2401.01234v2` is of `arxiv:2401.01234`), else `None`."""
    if not identifier.startswith("arxiv:"):
        return None
    tail = _version_tail(identifier.removeprefix("arxiv:"))
    return identifier.removesuffix(tail) if tail else None


def canonical_id(text: str) -> str:
    """Return the canonical form of an identifier that a person or a source wrote.

    Addresses of doi.org, orcid.org, ror.org, openalex.org and arxiv.org are understood; DOIs become
    lower-case; an old arXiv id loses its subject class (`math.GT/0309136` is `math/0309136`).

    Raises:
        IdentifierError: It is none.
    """
    identifier = text.strip()
    for prefix, pattern in _URLS:
        if pattern.match(identifier):
            identifier = prefix + pattern.sub("", identifier, count=1)
            break
    scheme, _, rest = identifier.partition(":")
    scheme = scheme.lower()
    if scheme == "doi":
        rest = rest.lower()
    elif scheme == "arxiv":
        rest = _SUBJECT_CLASS.sub(r"\1", rest.removesuffix(".pdf"))
    elif scheme in {"orcid", "openalex"}:
        rest = rest.upper()
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
