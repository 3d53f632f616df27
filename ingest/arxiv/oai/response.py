"""Parse a response of arXiv's OAI-PMH service strictly: bytes to the records of one page and its resumption token.

OAI-PMH 2.0: https://www.openarchives.org/OAI/openarchivesprotocol.html.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

from graph.errors import SourceError
from ingest.arxiv.oai.resumption_token import ResumptionToken, parse_token
from ingest.formats.xml import MARKUP, XmlFormat, excerpt, open_parser, parse_whole

_OAI: Final = "http://www.openarchives.org/OAI/2.0/ "
_RAW: Final = "http://arxiv.org/OAI/arXivRaw/ "
# Names of elements as expat gives them, built once: they are compared thousands of times a page.
_RESPONSE_DATE: Final = _OAI + "responseDate"
_ERROR: Final = _OAI + "error"
_LIST: Final = _OAI + "ListRecords"
_RECORD: Final = _OAI + "record"
_HEADER: Final = _OAI + "header"
_IDENTIFIER: Final = _OAI + "identifier"
_DATESTAMP: Final = _OAI + "datestamp"
_RESUMPTION_TOKEN: Final = _OAI + "resumptionToken"
_ARXIV_RAW: Final = _RAW + "arXivRaw"
_VERSION: Final = _RAW + "version"
_DOCUMENT: Final = XmlFormat("OAI-PMH", _OAI + "OAI-PMH", "OAI-PMH")


class OaiRecord(msgspec.Struct, frozen=True, gc=False):
    """Record of a response (`<record>`): its header, its arXivRaw elements in order, and its bytes.

    `fields` are (element, text); a `version` element gives its number and is followed by its own
    elements; (`MARKUP`, element) says that the text of that element was broken up by another.
    `raw` is true when there was an arXivRaw element at all.
    """

    identifier: str
    datestamp: str
    deleted: bool
    raw: bool
    fields: tuple[tuple[str, str], ...]
    data: bytes


@dataclass(frozen=True, slots=True)
class OaiResponse:
    """Response to ListRecords: its records and resumption token, or the errors that it lists (code, words)."""

    response_date: str
    records: tuple[OaiRecord, ...]
    token: ResumptionToken | None
    errors: tuple[tuple[str, str], ...]


def read_response(data: bytes) -> OaiResponse:
    """Return the response in these bytes.

    Raises:
        SourceError: They are no OAI-PMH response to ListRecords: not well-formed, another root (a web page,
            an Atom feed), a document type, or a list without a record.
    """
    reader = _ResponseReader(data)
    parse_whole(reader.parser, data)
    return reader.response()


class _ResponseReader:
    """Reader of one response, which collects its parts while expat walks it."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.text: list[str] = []
        self.parser = open_parser(data, _DOCUMENT, self._start, self._end, self.text)
        self.has_list = False
        self.response_date = ""
        self.errors: list[tuple[str, str]] = []
        self.records: list[OaiRecord] = []
        self.token: ResumptionToken | None = None
        self.attributes: Mapping[str, str] = {}
        self._begin_record(0)

    def _begin_record(self, at: int) -> None:
        self.record_start = at
        self.identifier = self.datestamp = self.open_element = ""
        self.deleted = self.raw = False
        self.fields: list[tuple[str, str]] = []

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.text.clear()
        if self.open_element:
            self.fields.append((MARKUP, self.open_element.removeprefix(_RAW)))
        elif name.startswith(_RAW):
            if name == _VERSION:
                self.fields.append(("version", attributes.get("version", "")))
            elif name == _ARXIV_RAW:
                self.raw = True
            else:
                self.open_element = name
        elif name == _RECORD:
            self._begin_record(self.parser.CurrentByteIndex)
        elif name == _HEADER:
            self.deleted = attributes.get("status") == "deleted"
        elif name == _LIST:
            self.has_list = True
        else:
            self.attributes = attributes

    def _end(self, name: str) -> None:
        text = "".join(self.text)
        self.text.clear()
        if name.startswith(_RAW):
            if name == self.open_element:
                self.open_element = ""
            if name != _VERSION and name != _ARXIV_RAW:
                self.fields.append((name[len(_RAW) :], text))
        elif name == _RECORD:
            self.records.append(self._record())
        elif name == _IDENTIFIER:
            self.identifier = text.strip()
        elif name == _DATESTAMP:
            self.datestamp = text.strip()
        elif name == _RESUMPTION_TOKEN:
            self.token = parse_token(text.strip(), self.attributes)
        elif name == _ERROR:
            self.errors.append((self.attributes.get("code", ""), text.strip()))
        elif name == _RESPONSE_DATE:
            self.response_date = text.strip()

    def _record(self) -> OaiRecord:
        end = self.data.find(b">", self.parser.CurrentByteIndex) + 1
        fields = tuple(self.fields)
        data = self.data[self.record_start : end]
        return OaiRecord(self.identifier, self.datestamp, self.deleted, self.raw, fields, data)

    def response(self) -> OaiResponse:
        if not self.errors and not self.has_list:
            raise SourceError(f"expected ListRecords or an error, got {excerpt(self.data)}")
        if self.has_list and not self.records:
            # The protocol has no empty list: what matches nothing is the error noRecordsMatch.
            raise SourceError("expected at least one record in ListRecords, got none")
        return OaiResponse(self.response_date, tuple(self.records), self.token, tuple(self.errors))
