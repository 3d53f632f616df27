-- The log: one narrow row a bundle for the rules, its bytes beside it (flags change, bytes never do).
CREATE TABLE author (
    k INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    trusted INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE bundle (
    position INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    counts INTEGER NOT NULL DEFAULT 0,
    lives INTEGER NOT NULL DEFAULT 0,
    author INTEGER REFERENCES author (k), -- unknown while a grant is missing
    at TEXT,
    n INTEGER NOT NULL DEFAULT 0,
    uri TEXT,              -- of a record: its slot, with the author
    actor TEXT,            -- of a statement: its grant, else its key
    key TEXT,              -- of a statement: who signed it
    said BLOB,             -- of a statement: the hash of its body
    ends TEXT,             -- of a statement: the grant it ends, or 'self'
    head INTEGER           -- of a statement: 1 while none of its actor's, by the same key, follows it
) STRICT;
CREATE INDEX bundle_by_slot ON bundle (author, uri) WHERE uri IS NOT NULL;
CREATE INDEX bundle_by_actor ON bundle (actor, said) WHERE actor IS NOT NULL;
CREATE INDEX bundle_by_head ON bundle (actor) WHERE head = 1;
CREATE INDEX bundle_by_end ON bundle (ends) WHERE ends IS NOT NULL;

CREATE TABLE content (
    position INTEGER PRIMARY KEY REFERENCES bundle (position),
    header BLOB NOT NULL,
    signature BLOB,
    body BLOB
) STRICT;

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

-- The graph: what the living bundles say. A description stays in its bundle's body.
CREATE TABLE node (
    k INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT,
    minter INTEGER REFERENCES bundle (position),
    shown INTEGER REFERENCES bundle (position)
) STRICT;
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

CREATE VIRTUAL TABLE words USING fts5 (title, text, tokenize = 'unicode61 remove_diacritics 2');

CREATE TABLE vector (
    model TEXT NOT NULL,
    node TEXT NOT NULL,
    text TEXT NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (model, node)
) STRICT, WITHOUT ROWID;
