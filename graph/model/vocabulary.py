"""Closed vocabularies: kinds, relations, verbs, roles, and the attributes that a description or an edge may carry.

Relations carry their PROV-DM names (https://www.w3.org/TR/prov-dm/) or their CiTO names
(https://purl.org/spar/cito); roles are the 14 of CRediT (https://credit.niso.org); the twelve research
activities are Table 1 of Weston & Foerster, arXiv:2512.05356.
"""

from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """Kind of a node."""

    WORK = "work"
    VERSION = "version"
    DATASET = "dataset"
    BENCHMARK = "benchmark"
    CODE = "code"
    MODEL = "model"
    FILE = "file"
    IDEA = "idea"
    CLAIM = "claim"
    QUESTION = "question"
    PROBLEM = "problem"
    METHOD = "method"
    PLAN = "plan"
    RESULT = "result"
    ENVIRONMENT = "environment"
    CONCEPT = "concept"
    VENUE = "venue"
    COLLECTION = "collection"
    RESEARCH = "research"
    RUN = "run"
    REVIEW = "review"
    REPLICATION = "replication"
    AUDIT = "audit"
    INGEST = "ingest"
    RECOMMENDATION = "recommendation"
    TRAINING = "training"
    PERSON = "person"
    AI = "ai"
    SOFTWARE = "software"
    ORGANIZATION = "organization"
    MENTION = "mention"


ACTIVITY_KINDS: Final = frozenset(
    {
        Kind.RESEARCH,
        Kind.RUN,
        Kind.REVIEW,
        Kind.REPLICATION,
        Kind.AUDIT,
        Kind.INGEST,
        Kind.RECOMMENDATION,
        Kind.TRAINING,
    }
)
AGENT_KINDS: Final = frozenset(
    {Kind.PERSON, Kind.AI, Kind.SOFTWARE, Kind.ORGANIZATION, Kind.MENTION}
)
ENTITY_KINDS: Final = frozenset(Kind) - ACTIVITY_KINDS - AGENT_KINDS


class Relation(StrEnum):
    """Relation that an edge states; it reads from `from` to `to`."""

    WAS_GENERATED_BY = "wasGeneratedBy"
    USED = "used"
    WAS_INFORMED_BY = "wasInformedBy"
    WAS_DERIVED_FROM = "wasDerivedFrom"
    WAS_ATTRIBUTED_TO = "wasAttributedTo"
    WAS_ASSOCIATED_WITH = "wasAssociatedWith"
    ACTED_ON_BEHALF_OF = "actedOnBehalfOf"
    SPECIALIZATION_OF = "specializationOf"
    ALTERNATE_OF = "alternateOf"
    HAD_MEMBER = "hadMember"
    WAS_INVALIDATED_BY = "wasInvalidatedBy"
    CITES = "cites"
    HAS_SUBJECT = "hasSubject"
    PUBLISHED_IN = "publishedIn"
    SUPPORTS = "supports"
    DISPUTES = "disputes"
    REFUTES = "refutes"
    CONFIRMS = "confirms"
    QUALIFIES = "qualifies"
    EXTENDS = "extends"
    CORRECTS = "corrects"
    REPLIES_TO = "repliesTo"
    APPROVES = "approves"
    VETOES = "vetoes"
    HANDS_BACK = "handsBack"


FROM_ACTIVITY: Final = frozenset(
    {Relation.USED, Relation.WAS_INFORMED_BY, Relation.WAS_ASSOCIATED_WITH}
)
TO_ACTIVITY: Final = frozenset(
    {Relation.WAS_GENERATED_BY, Relation.WAS_INFORMED_BY, Relation.WAS_INVALIDATED_BY}
)
TO_AGENT: Final = frozenset(
    {Relation.WAS_ATTRIBUTED_TO, Relation.WAS_ASSOCIATED_WITH, Relation.ACTED_ON_BEHALF_OF}
)


class Derivation(StrEnum):
    """Way in which one thing was derived from another: the `subtype` of `wasDerivedFrom`."""

    REVISION = "revision"
    QUOTATION = "quotation"
    SOURCE = "source"
    INSPIRATION = "inspiration"
    COMBINATION = "combination"


class Verb(StrEnum):
    """Verb of an answer that programs of today say; a header may hold any word, and only the first four have an effect."""

    RETRACTS = "retracts"
    SUPERSEDES = "supersedes"
    ERASES = "erases"
    RESTORES = "restores"
    OPENS = "opens"
    CORRECTS = "corrects"
    SUPPORTS = "supports"
    DISPUTES = "disputes"
    REFUTES = "refutes"
    CONFIRMS = "confirms"
    QUALIFIES = "qualifies"
    EXTENDS = "extends"
    REPLIES_TO = "repliesTo"


ENDING_VERBS: Final = frozenset({Verb.RETRACTS, Verb.SUPERSEDES, Verb.ERASES})
EFFECTIVE_VERBS: Final = ENDING_VERBS | {Verb.RESTORES}
"""Verbs with an effect on the life of what they answer: these four for ever."""


class Scope(StrEnum):
    """Scope of a grant: the other key may speak; vouch for records and answer its own runs; or both and end for the author."""

    SAY = "say"
    HARVEST = "harvest"
    ACT = "act"


class Activity(StrEnum):
    """Activity of human-AI research, one of twelve (Weston & Foerster 2025, Table 1)."""

    PROBLEM_IDENTIFICATION = "problem-identification"
    BENCHMARK_CREATION = "benchmark-creation"
    METHOD_INNOVATION = "method-innovation"
    EXPERIMENT_DESIGN = "experiment-design"
    COLLABORATIVE_EXECUTION = "collaborative-execution"
    EVALUATION_AND_ERROR_ANALYSIS = "evaluation-and-error-analysis"
    SAFETY_AND_ALIGNMENT = "safety-and-alignment"
    SYSTEMS_CO_DESIGN = "systems-co-design"
    REAL_WORLD_INTEGRATION = "real-world-integration"
    SCIENTIFIC_COMMUNICATION = "scientific-communication"
    COLLECTIVE_INTELLIGENCE = "collective-intelligence"
    BIDIRECTIONAL_CO_IMPROVEMENT = "bidirectional-co-improvement"


class Role(StrEnum):
    """Contributor role, one of the 14 of CRediT, by their URL names."""

    CONCEPTUALIZATION = "conceptualization"
    DATA_CURATION = "data-curation"
    FORMAL_ANALYSIS = "formal-analysis"
    FUNDING_ACQUISITION = "funding-acquisition"
    INVESTIGATION = "investigation"
    METHODOLOGY = "methodology"
    PROJECT_ADMINISTRATION = "project-administration"
    RESOURCES = "resources"
    SOFTWARE = "software"
    SUPERVISION = "supervision"
    VALIDATION = "validation"
    VISUALIZATION = "visualization"
    WRITING_ORIGINAL_DRAFT = "writing-original-draft"
    WRITING_REVIEW_EDITING = "writing-review-editing"


class Degree(StrEnum):
    """Degree of contribution in a role (CRediT)."""

    LEAD = "lead"
    EQUAL = "equal"
    SUPPORTING = "supporting"


class Autonomy(StrEnum):
    """Share of a contribution that a machine made."""

    NONE = "none"
    AI_ASSISTED = "ai-assisted"
    AI_GENERATED = "ai-generated"
    AUTONOMOUS = "autonomous"


class Improves(StrEnum):
    """Part that changed where an AI improved an AI, or a person learnt."""

    PARAMETERS = "parameters"
    TRAINING_DATA = "training-data"
    OBJECTIVE = "objective"
    ARCHITECTURE = "architecture"
    CODE = "code"
    SKILL = "skill"


class IdentificationBasis(StrEnum):
    """Basis on which an AI was identified."""

    SELF_REPORTED = "self-reported"
    OBSERVED = "observed"
    ATTESTED = "attested"


class AgentNature(StrEnum):
    """Nature of the agent behind a mention, where the source states it."""

    PERSON = "person"
    AI = "ai"
    SOFTWARE = "software"
    ORGANIZATION = "organization"


class ReadingOutcome(StrEnum):
    """Outcome of reading a file."""

    OK = "ok"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    LIMIT = "limit"
    TIMEOUT = "timeout"
    CRASH = "crash"


class ReferenceListState(StrEnum):
    """State of a document's list of references, as a reader found it."""

    FOUND = "found"
    NONE = "none"
    DOUBTFUL = "doubtful"


class Shape(StrEnum):
    """Form of a value in a description or an edge."""

    TEXT = "text"
    SHORT_TEXT = "text of at most 4,096 bytes"
    WORDS = "texts, sorted, without repeats"
    INTEGER = "an integer from 0 below 2^53"
    TRUTH = "true or false"
    TIME = "a time like 2026-11-20T00:00:00Z"
    DATE = "a date like 2026-11-20, 2026-11 or 2026"
    NUMBER = "a decimal number as text, like 0.93"
    IDENTIFIER = "an identifier"
    IDENTIFIERS = "identifiers, sorted, without repeats"
    PARAMETERS = "objects {name, value?}, sorted, without repeats"
    MEASURES = "objects {name, value, unit?, step?}, sorted, without repeats"
    REFERENCES = "objects {position, page, text, authors?, year?, title?, venue?, linked?, printed?, doubt?}, by position"


ATTRIBUTES: Final[dict[str, Shape | type[StrEnum]]] = {
    # words
    "title": Shape.SHORT_TEXT,
    "name": Shape.SHORT_TEXT,
    "cut": Shape.TRUTH,
    "abstract": Shape.TEXT,
    "text": Shape.TEXT,
    "summary": Shape.TEXT,
    "message": Shape.TEXT,
    "note": Shape.TEXT,
    "reason": Shape.TEXT,
    "keywords": Shape.WORDS,
    "language": Shape.TEXT,
    # as the source prints it
    "raw_title": Shape.TEXT,
    "comment": Shape.TEXT,
    "authors": Shape.TEXT,
    "authors_truncated": Shape.TRUTH,
    "affiliation": Shape.TEXT,
    "journal_ref": Shape.TEXT,
    "doi": Shape.TEXT,
    "report_no": Shape.TEXT,
    "msc_class": Shape.TEXT,
    "acm_class": Shape.TEXT,
    "proxy": Shape.TEXT,
    "submitter": Shape.TEXT,
    "venue": Shape.TEXT,
    "work_type": Shape.TEXT,
    "source_type": Shape.TEXT,
    "size": Shape.TEXT,
    "licence": Shape.TEXT,
    "uri": Shape.TEXT,
    "code": Shape.TEXT,
    "level": Shape.INTEGER,
    # dates
    "date": Shape.DATE,
    "year": Shape.INTEGER,
    "announced": Shape.DATE,
    "submitted": Shape.TIME,
    "updated": Shape.TIME,
    "started": Shape.TIME,
    "ended": Shape.TIME,
    "number": Shape.INTEGER,
    # what happened to it
    "deleted": Shape.TRUTH,
    "withdrawn": Shape.TRUTH,
    "retracted": Shape.TRUTH,
    "evidence": Shape.TEXT,
    "status": Shape.TEXT,
    # agents
    "agent": AgentNature,
    "known": IdentificationBasis,
    "model": Shape.TEXT,
    "provider": Shape.TEXT,
    "model_version": Shape.TEXT,
    "configuration": Shape.IDENTIFIER,
    "tool": Shape.TEXT,
    # research and experiments
    "activity": Activity,
    "params": Shape.PARAMETERS,
    "tags": Shape.PARAMETERS,
    "metrics": Shape.MEASURES,
    "commit": Shape.TEXT,
    "repository": Shape.TEXT,
    "entry_point": Shape.TEXT,
    "user": Shape.TEXT,
    "seed": Shape.TEXT,
    "digest": Shape.TEXT,
    "environment": Shape.TEXT,
    "size_bytes": Shape.INTEGER,
    # a document: its pages, the outcome of reading it, its reference list as printed
    "pages": Shape.INTEGER,
    "outcome": ReadingOutcome,
    "list": ReferenceListState,
    "references": Shape.REFERENCES,
    # an ingest run: the page's query, the hash of the answer as it came, the counts
    "query": Shape.TEXT,
    "answer": Shape.IDENTIFIER,
    "seen": Shape.INTEGER,
    "new": Shape.INTEGER,
    "changed": Shape.INTEGER,
    "unchanged": Shape.INTEGER,
    "refused": Shape.INTEGER,
    "withdrawals": Shape.INTEGER,
    "deletions": Shape.INTEGER,
}

QUALIFIERS: Final[dict[str, Shape | type[StrEnum]]] = {
    "subtype": Derivation,
    "role": Role,
    "degree": Degree,
    "autonomy": Autonomy,
    "activity": Activity,
    "initiative": Shape.IDENTIFIER,
    "verified_by": Shape.IDENTIFIER,
    "improves": Improves,
    "evidence": Shape.IDENTIFIERS,
    "position": Shape.INTEGER,
    "primary": Shape.TRUTH,
    "name": Shape.TEXT,
    "affiliation": Shape.TEXT,
    "text": Shape.TEXT,
    "reason": Shape.TEXT,
    "number": Shape.INTEGER,
    "page": Shape.INTEGER,
    "score": Shape.NUMBER,
    "method": Shape.TEXT,
    "at": Shape.TIME,
}
