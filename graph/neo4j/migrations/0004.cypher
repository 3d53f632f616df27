// A Name is the hash of a bundle, here or not; where it is here it is a Bundle too.
CREATE CONSTRAINT name_id IF NOT EXISTS FOR (n:Name) REQUIRE n.id IS UNIQUE;
// Two bundles can't have one place in the log, whatever else goes wrong.
CREATE CONSTRAINT bundle_position IF NOT EXISTS FOR (b:Bundle) REQUIRE b.position IS UNIQUE;
CREATE INDEX bundle_slot IF NOT EXISTS FOR (b:Bundle) ON (b.slot);
CREATE INDEX bundle_actor IF NOT EXISTS FOR (b:Bundle) ON (b.actor);
CREATE INDEX bundle_head IF NOT EXISTS FOR (b:Bundle) ON (b.head);
CREATE INDEX bundle_said IF NOT EXISTS FOR (b:Bundle) ON (b.said);
CREATE INDEX bundle_voice IF NOT EXISTS FOR (b:Bundle) ON (b.voice, b.author);
CREATE INDEX bundle_erased IF NOT EXISTS FOR (b:Bundle) ON (b.erased);
CREATE INDEX bundle_waits IF NOT EXISTS FOR (b:Bundle) ON (b.waits);
CREATE INDEX bundle_silent IF NOT EXISTS FOR (b:Bundle) ON (b.silent);
CREATE INDEX bundle_withheld IF NOT EXISTS FOR (b:Bundle) ON (b.withheld);
// Hashes of complete subtrees of 256^level leaves, and the root after each append.
CREATE CONSTRAINT tile_place IF NOT EXISTS FOR (t:Tile) REQUIRE (t.level, t.number) IS UNIQUE;
CREATE CONSTRAINT checkpoint_size IF NOT EXISTS FOR (c:Checkpoint) REQUIRE c.size IS UNIQUE;
CREATE CONSTRAINT checkpoint_token IF NOT EXISTS FOR (c:Checkpoint) REQUIRE c.token IS UNIQUE;
// The graph: what the living bundles say. A description stays in its bundle's body.
CREATE CONSTRAINT thing_id IF NOT EXISTS FOR (t:Thing) REQUIRE t.id IS UNIQUE;
CREATE INDEX thing_kind IF NOT EXISTS FOR (t:Thing) ON (t.kind, t.id);
CREATE INDEX thing_stale IF NOT EXISTS FOR (t:Thing) ON (t.stale);
// The tree of the state digest: leaves by the SHA-256 of a node's id, branches by a prefix of its hex digits.
CREATE CONSTRAINT leaf_place IF NOT EXISTS FOR (l:Leaf) REQUIRE l.place IS UNIQUE;
CREATE CONSTRAINT branch_prefix IF NOT EXISTS FOR (b:Branch) REQUIRE b.prefix IS UNIQUE;
CREATE CONSTRAINT edge_place IF NOT EXISTS FOR ()-[e:RELATES]-() REQUIRE (e.bundle, e.ordinal) IS UNIQUE;
CREATE CONSTRAINT vector_node IF NOT EXISTS FOR (v:Vector) REQUIRE (v.model, v.node) IS UNIQUE;
CREATE INDEX vector_by_node IF NOT EXISTS FOR (v:Vector) ON (v.node);
// Words are cut and folded before they come here (graph.neo4j.full_text), so that both stores find the same.
CREATE FULLTEXT INDEX words IF NOT EXISTS FOR (t:Thing) ON EACH [t.title_words, t.text_words]
OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace'}};
// The head of the log: who writes holds its lock.
CREATE CONSTRAINT log_name IF NOT EXISTS FOR (l:Log) REQUIRE l.name IS UNIQUE;
// The log's own name is a property of its head (set_schema).
