-- The log: one narrow row a bundle for the rules, its bytes beside it (flags change, bytes never do).
CREATE TABLE author (
    k INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

-- Whom this store trusts, in order: to vouch for some sources (a JSON array), or for all and in their own words (null).
CREATE TABLE trust (
    place INTEGER PRIMARY KEY,
    author TEXT NOT NULL,
    sources TEXT
) STRICT;

CREATE TABLE bundle (
    position INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    counts INTEGER NOT NULL DEFAULT 0,
    lives INTEGER NOT NULL DEFAULT 0,
    erased INTEGER NOT NULL DEFAULT 0,
    author INTEGER REFERENCES author (k), -- unknown while a grant is missing
    at TEXT,
    n INTEGER NOT NULL DEFAULT 0,
    uri TEXT,              -- of a record: its subject, which with the author makes its slot
    place INTEGER,         -- of a record: the earliest place in the trust list of those who vouch for it
    actor TEXT,            -- of a statement: its grant, else its key
    key TEXT,              -- of a statement: who signed it
    "by" TEXT,             -- of a statement: the agent that speaks
    run INTEGER,           -- of a statement: 1 where it is an ingest run
    acts INTEGER,          -- of a statement: 1 where it may act for its author
    grants INTEGER,        -- of a statement: how many grants lead to it
    cut INTEGER NOT NULL DEFAULT 0, -- of a statement: the grants above whose ends don't keep it, a bit each
    decider TEXT,          -- of a grant: the actor whose ends of it decide
    silent BLOB,           -- the hash of its body where that says nothing: it isn't here, doesn't fit, or may not be said
    said BLOB,             -- of a statement: the hash of its body
    ends TEXT,             -- of a statement: the grant it ends
    head INTEGER,          -- of a statement: 1 while none of its actor's, by the same key, follows it
    waits TEXT             -- of what is dated ahead: its time; it has no effect until then
) STRICT;
CREATE INDEX bundle_by_slot ON bundle (author, uri) WHERE uri IS NOT NULL;
CREATE INDEX bundle_by_actor ON bundle (actor, said) WHERE actor IS NOT NULL;
CREATE INDEX bundle_by_head ON bundle (actor) WHERE head = 1;
CREATE INDEX bundle_by_end ON bundle (ends) WHERE ends IS NOT NULL;
CREATE INDEX bundle_by_key ON bundle (key, author) WHERE counts = 1 AND key IS NOT NULL;
CREATE INDEX bundle_by_wait ON bundle (waits) WHERE waits IS NOT NULL;
CREATE INDEX bundle_erased ON bundle (position) WHERE erased = 1;
CREATE INDEX bundle_silent ON bundle (silent) WHERE silent IS NOT NULL;

CREATE TABLE content (
    position INTEGER PRIMARY KEY REFERENCES bundle (position),
    header BLOB NOT NULL,
    signature BLOB,
    body BLOB,
    awaits INTEGER,        -- 1 where the header has a body that is not here
    unfit INTEGER          -- 1 where the body is here and doesn't fit: it says nothing
) STRICT;
-- Bundles without their body: few, if any, and asked for with each count and digest.
CREATE INDEX content_withheld ON content (position) WHERE awaits = 1;

CREATE TABLE vouch (
    record BLOB NOT NULL,
    run INTEGER NOT NULL REFERENCES bundle (position),
    PRIMARY KEY (record, run)
) STRICT, WITHOUT ROWID;

CREATE TABLE answer (
    target BLOB NOT NULL,
    bundle INTEGER NOT NULL REFERENCES bundle (position),
    verb TEXT NOT NULL,
    PRIMARY KEY (target, bundle, verb)
) STRICT, WITHOUT ROWID;

CREATE TABLE previous (
    earlier BLOB NOT NULL,
    bundle INTEGER NOT NULL REFERENCES bundle (position),
    PRIMARY KEY (earlier, bundle)
) STRICT, WITHOUT ROWID;

-- Heads that ends name.
CREATE TABLE end_head (
    head BLOB NOT NULL,
    bundle INTEGER NOT NULL REFERENCES bundle (position),
    PRIMARY KEY (head, bundle)
) STRICT, WITHOUT ROWID;

-- Hashes of complete subtrees of 256^level leaves, and the root after each append.
CREATE TABLE tile (
    level INTEGER NOT NULL,
    number INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (level, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE checkpoint (
    size INTEGER PRIMARY KEY,
    root BLOB NOT NULL,
    at TEXT NOT NULL
) STRICT;

-- The log's own name, by which others tell it from every other log (the origin of its checkpoints).
CREATE TABLE origin (name TEXT NOT NULL) STRICT;
INSERT INTO origin (name) VALUES ('colineage/' || lower(hex(randomblob(16))));

-- The graph: what the living bundles say. A description stays in its bundle's body.
CREATE TABLE node (
    k INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT,
    minter INTEGER REFERENCES bundle (position),
    shown INTEGER REFERENCES bundle (position),
    stale INTEGER          -- 1 while the digest tree hasn't heard of a change of it
) STRICT;
CREATE INDEX node_stale ON node (k) WHERE stale = 1;
CREATE INDEX node_by_kind ON node (kind, id) WHERE shown IS NOT NULL;

CREATE TABLE description (
    node INTEGER NOT NULL REFERENCES node (k),
    author INTEGER NOT NULL REFERENCES author (k),
    bundle INTEGER NOT NULL REFERENCES bundle (position),
    PRIMARY KEY (node, author, bundle)
) STRICT, WITHOUT ROWID;

CREATE TABLE relation (
    k INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE edge (
    source INTEGER NOT NULL REFERENCES node (k),
    relation INTEGER NOT NULL REFERENCES relation (k),
    target INTEGER NOT NULL REFERENCES node (k),
    bundle INTEGER NOT NULL REFERENCES bundle (position),
    ordinal INTEGER NOT NULL, -- which edge of the bundle
    qualifiers TEXT,          -- canonical JSON; none where there are none
    PRIMARY KEY (source, relation, target, bundle, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX edge_by_target ON edge (target, relation, source, bundle, ordinal);

-- The tree of the state digest: leaves by the SHA-256 of a node's id, branches by a prefix of its hex digits.
CREATE TABLE leaf (
    place TEXT PRIMARY KEY,
    hash BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE branch (
    prefix TEXT PRIMARY KEY,
    hash BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE words USING fts5 (title, text, tokenize = 'unicode61 remove_diacritics 2');

CREATE TABLE vector (
    model TEXT NOT NULL,
    node TEXT NOT NULL,
    text TEXT NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (model, node)
) STRICT, WITHOUT ROWID;

-- Notes that bytes of dropped bodies may still lie in the pages of this file, or once it is rewritten in its WAL (graph.sqlite.erasure).
CREATE TABLE remains (
    k INTEGER PRIMARY KEY AUTOINCREMENT, -- never used again: who has rewritten the file forgets only what was noted before
    is_rewritten INTEGER NOT NULL DEFAULT 0
) STRICT;
