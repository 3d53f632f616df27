"""Parse OpenAlex works from JSON, as served by the API or in the slim form of a corpus.

As served: https://docs.openalex.org/api-entities/works/work-object. The slim form has the fields id,
doi, title, abstract, year, date, authors (name, id, orcid), venue, type, retracted, concepts
(name, level, score) and references.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from graph.clock import is_date
from graph.errors import Fault, IdentifierError
from graph.model.identifiers import canonical_id, is_identifier, work_of
from ingest.formats.decimals import decimal_of
from ingest.formats.text import clean, one_line
from ingest.formats.timestamps import utc_of_iso
from ingest.openalex.work import Authorship, Subject, Venue, Work

MAX_ABSTRACT_WORDS: Final = 100_000

_ARXIV_DOI: Final = "doi:10.48550/arxiv."
_ARXIV_PAGE: Final = re.compile(r"https?://(?:export\.)?arxiv\.org/(?:abs|pdf)/\S+", re.IGNORECASE)


def work_from_json(value: Any) -> tuple[Work | None, list[Fault]]:
    """Convert parsed JSON to a work, and return the faults of what could not be used.

    A malformed claim (an ORCID whose check digit is wrong) is dropped and reported; only a value
    without an OpenAlex id is no work at all.
    """
    if not isinstance(value, Mapping):
        return None, [Fault("work", "an object", repr(value)[:80])]
    parser = _WorkParser(value)
    identifier = parser.id_of("id", value.get("id"), "W")
    return (parser.work(identifier) if identifier else None), parser.faults


def identity_of(value: Any) -> tuple[str, str] | None:
    """Return the id of a work in parsed JSON and its update time (`""`: not known); `None` if it is no work."""
    if not isinstance(value, Mapping):
        return None
    parser = _WorkParser(value)
    identifier = parser.id_of("id", value.get("id"), "W")
    return (identifier, parser.update_time() or "") if identifier else None


class _WorkParser:
    """Parser of one work that collects its faults."""

    def __init__(self, value: Mapping[str, Any]) -> None:
        self.value = value
        self.faults: list[Fault] = []

    def fault(self, where: str, expected: str, got: object) -> None:
        self.faults.append(Fault(where, expected, repr(got)[:80]))

    def work(self, identifier: str) -> Work:
        value = self.value
        return Work(
            id=identifier,
            updated=self.update_time(),
            title=one_line(value.get("title")) or one_line(value.get("display_name")),
            abstract=self._abstract(),
            year=self._integer("year", _first(value, "year", "publication_year")),
            date=self._date(),
            work_type=one_line(value.get("type")),
            retracted=self._is_retracted(),
            language=one_line(value.get("language")),
            keywords=tuple(sorted(set(self._keywords()))),
            venue=self._venue(),
            same_as=tuple(sorted(set(self._same_works()))),
            authors=tuple(self._authors()),
            subjects=tuple(self._subjects()),
            references=tuple(sorted(set(self._references()))),
        )

    def id_of(self, where: str, text: object, letter: str) -> str | None:
        """Return `openalex:W…` for `W…` or a URL of it; add a fault where it is neither."""
        address = text.strip() if isinstance(text, str) and text.isascii() else ""
        bare = address.rpartition("/")[2].upper()
        if bare.startswith(letter) and is_identifier(f"openalex:{bare}"):
            return f"openalex:{bare}"
        self.fault(where, f"an OpenAlex id {letter}…", text)
        return None

    def _canonical_id(self, where: str, text: object, scheme: str) -> str | None:
        if clean(text) is None or not isinstance(text, str):
            return None
        value = text.strip()
        is_whole = "://" in value or value.lower().startswith(f"{scheme}:")
        try:
            identifier = canonical_id(value if is_whole else f"{scheme}:{value}")
        except IdentifierError:
            identifier = ""
        if identifier.startswith(f"{scheme}:"):
            return identifier
        self.fault(where, f"a sound {scheme.upper()}", text)
        return None

    def _items(self, where: str, value: object) -> Iterator[tuple[str, Any]]:
        """Yield the items of a list with their places; `None` counts as an empty list."""
        if value is None:
            return
        if not isinstance(value, list):
            self.fault(where, "a list", value)
            return
        for k, item in enumerate(value):
            yield f"{where}[{k}]", item

    def _objects(self, where: str, value: object) -> Iterator[tuple[str, Mapping[str, Any]]]:
        for place, item in self._items(where, value):
            if isinstance(item, Mapping):
                yield place, item
            else:
                self.fault(place, "an object", item)

    def update_time(self) -> str | None:
        text = clean(self.value.get("updated_date"))
        if text is None:
            return None
        moment = utc_of_iso(text)
        if moment is None:
            self.fault("updated_date", "a time", text)
        return moment

    def _date(self) -> str | None:
        text = clean(_first(self.value, "date", "publication_date"))
        if text is None or is_date(text):
            return text
        self.fault("date", "a date like 1999-12-01", text)
        return None

    def _integer(self, where: str, value: object) -> int | None:
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53:
            return value
        self.fault(where, "an integer", value)
        return None

    def _is_retracted(self) -> bool | None:
        flag = _first(self.value, "retracted", "is_retracted")
        if flag is None or isinstance(flag, bool):
            return flag
        self.fault("retracted", "true or false", flag)
        return None

    def _abstract(self) -> str | None:
        plain = clean(self.value.get("abstract"))
        inverted = self.value.get("abstract_inverted_index")
        if plain or inverted is None:
            return plain
        if not isinstance(inverted, Mapping):
            self.fault("abstract_inverted_index", "an object of words and places", inverted)
            return None
        words = [
            (place, word)
            for word, places in inverted.items()
            for place in (places if isinstance(places, list) else [None])
        ]
        if len(words) > MAX_ABSTRACT_WORDS or not all(type(place) is int for place, _ in words):
            self.fault("abstract_inverted_index", "words with their places, integers", "others")
            return None
        return clean(" ".join(word for _, word in sorted(words)))

    def _keywords(self) -> Iterator[str]:
        for place, item in self._items("keywords", self.value.get("keywords")):
            keyword = one_line(item.get("display_name") if isinstance(item, Mapping) else item)
            if keyword:
                yield keyword
            else:
                self.fault(place, "a keyword", item)

    def _venue(self) -> Venue | None:
        location = self.value.get("primary_location")
        source = location.get("source") if isinstance(location, Mapping) else None
        for place, candidate in (
            ("venue", self.value.get("venue")),
            ("primary_location", source),
            ("host_venue", self.value.get("host_venue")),
        ):
            if isinstance(candidate, Mapping) and (name := one_line(candidate.get("display_name"))):
                identifier = candidate.get("id")
                return Venue(
                    name, self.id_of(f"{place}.id", identifier, "S") if identifier else None
                )
            if name := one_line(candidate):
                return Venue(name, None)
        return None

    def _same_works(self) -> Iterator[str]:
        """Yield the ids of the same work elsewhere: its DOI, and its arXiv id where DOI or URL holds one."""
        ids = self.value.get("ids")
        doi = self._canonical_id(
            "doi",
            _first(self.value, "doi") or (ids.get("doi") if isinstance(ids, Mapping) else None),
            "doi",
        )
        if doi:
            yield doi
            if doi.startswith(_ARXIV_DOI):
                yield from _arxiv_work("arxiv:" + doi.removeprefix(_ARXIV_DOI))
        for _, location in self._objects("locations", self.value.get("locations")):
            address = clean(location.get("landing_page_url"))
            if address and _ARXIV_PAGE.fullmatch(address):
                yield from _arxiv_work(address)

    def _authors(self) -> Iterator[Authorship]:
        authorships = self.value.get("authorships")
        for k, (place, item) in enumerate(
            self._objects(
                "authors", self.value.get("authors") if authorships is None else authorships
            ),
            start=1,
        ):
            inner = item.get("author")
            author = inner if isinstance(inner, Mapping) else item
            raw_name = one_line(item.get("raw_author_name"))
            served = (author.get("display_name"), author.get("name"), item.get("raw_author_name"))
            names = ((name, text) for text in served if (name := one_line(text)))
            name, served_name = next(names, (None, None))
            if name is None or served_name is None:
                self.fault(place, "an author with a name", item)
                continue
            identifier = author.get("id")
            yield Authorship(
                position=k,
                name=name,
                served_name=served_name,
                id=self.id_of(f"{place}.id", identifier, "A") if identifier else None,
                orcid=self._canonical_id(f"{place}.orcid", author.get("orcid"), "orcid"),
                printed_name=raw_name if raw_name != name else None,
                affiliation=_affiliation(item),
            )

    def _subjects(self) -> Iterator[Subject]:
        for key, letter in (("concepts", "C"), ("topics", "T")):
            for place, item in self._items(key, self.value.get(key)):
                subject = self._subject(place, item, letter)
                if subject:
                    yield subject

    def _subject(self, place: str, item: object, letter: str) -> Subject | None:
        identifier: str | None = None
        if isinstance(item, list) and len(item) == 3:
            name, level, score = one_line(item[0]), item[1], item[2]
            is_plain = isinstance(item[0], str) and item[0].isascii()
            words = name.lower().split() if name and is_plain else ()
            identifier = f"concept:openalex/{'-'.join(words)}"
        elif isinstance(item, Mapping):
            name, level, score = (
                one_line(item.get("display_name")),
                item.get("level"),
                item.get("score"),
            )
            identifier = self.id_of(f"{place}.id", item.get("id"), letter)
        else:
            name, level, score = None, None, None
        if name is None or identifier is None or not is_identifier(identifier):
            self.fault(place, "a concept with a name", item)
            return None
        return Subject(
            identifier, name, self._integer(f"{place}.level", level), self._score(place, score)
        )

    def _score(self, place: str, score: object) -> str | None:
        text = (
            str(score) if isinstance(score, int) and not isinstance(score, bool) else clean(score)
        )
        decimal = decimal_of(text) if text else None
        if text and decimal is None:
            self.fault(f"{place}.score", "a number", score)
        return decimal

    def _references(self) -> Iterator[str]:
        references = _first(self.value, "references", "referenced_works")
        for place, item in self._items("references", references):
            reference = self.id_of(place, item, "W")
            if reference:
                yield reference


def _first(value: Mapping[str, Any], *keys: str) -> Any:
    return next((value[key] for key in keys if value.get(key) is not None), None)


def _arxiv_work(text: str) -> Iterator[str]:
    try:
        identifier = canonical_id(text)
    except IdentifierError:
        return
    if identifier.startswith("arxiv:"):
        yield work_of(identifier) or identifier


def _affiliation(item: Mapping[str, Any]) -> str | None:
    """Return the affiliation as printed, else the names of the institutions that OpenAlex matched."""
    raw = item.get("raw_affiliation_strings")
    printed = [one_line(text) for text in raw] if isinstance(raw, list) else []
    printed.append(one_line(item.get("raw_affiliation_string")))
    institutions = item.get("institutions")
    matched = [
        one_line(institution.get("display_name"))
        for institution in (institutions if isinstance(institutions, list) else [])
        if isinstance(institution, Mapping)
    ]
    names = [name for name in printed if name] or [name for name in matched if name]
    return "; ".join(dict.fromkeys(names)) or one_line(item.get("affiliation"))
