// Made by `npm run types` from src/questions and the schema; change those, not this.

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
/** A question's text; the types say what it takes and what it answers. */
export type Question<_Answer, _Variables> = string & { readonly __answer?: (v: _Variables) => _Answer };

export type Latest = { readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }; readonly edges: readonly ({ readonly node: { readonly describedCount: number; readonly relationCount: number; readonly describes: readonly ({ readonly id: string; readonly kind: string | null; readonly title: string })[]; readonly attribution: Origin } })[] };

export type Speaks = { readonly key: string; readonly state: "LIVING" | "ENDED" | "NOT_COUNTING"; readonly endedBy: string | null; readonly grant: string | null; readonly scope: string | null; readonly grantedBy: string | null; readonly grantedAt: string | null; readonly depth: number; readonly names: readonly (string)[]; readonly statements: number; readonly counting: number; readonly last: string | null };

export type Stepped = Listed & { readonly contributions: { readonly totalCount: number; readonly edges: readonly ({ readonly node: { readonly nature: "PERSON" | "AI" | "SOFTWARE" | "ORGANIZATION" | null; readonly agent: { readonly title: string } } })[] } };

export type Named = { readonly id: string; readonly kind: string | null; readonly title: string; readonly warnings: readonly (string)[] };

export type Listed = Named & { readonly shown: { readonly author: string; readonly at: string | null; readonly attributes: Json } | null };

export type Origin = { readonly bundle: string; readonly kind: "RECORD" | "STATEMENT" | "NOT_UNDERSTOOD"; readonly by: string | null; readonly at: string | null; readonly author: string | null; readonly words: string };

export type Behind = Origin & { readonly key: string | null; readonly pending: string | null; readonly counts: boolean; readonly lives: boolean; readonly grants: readonly ({ readonly id: string; readonly key: string; readonly scope: string; readonly grantedBy: string; readonly by: string })[]; readonly vouchedBy: readonly ({ readonly run: string; readonly author: string | null; readonly by: string | null; readonly at: string | null; readonly isTrusted: boolean })[] };

export type Said = { readonly author: string; readonly at: string | null; readonly attributes: Json; readonly attribution: Origin; readonly bundle: { readonly source: { readonly uri: string; readonly mapping: string; readonly licence: string | null } | null } };

export type Edge = { readonly name: string; readonly subtype: string | null; readonly qualifiers: Json; readonly source: Named; readonly target: Named; readonly attributions: readonly (Origin)[] };

export type Contributed = { readonly totalCount: number; readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }; readonly edges: readonly ({ readonly node: { readonly nature: "PERSON" | "AI" | "SOFTWARE" | "ORGANIZATION" | null; readonly role: string | null; readonly degree: string | null; readonly autonomy: string | null; readonly activity: string | null; readonly initiative: string | null; readonly position: number | null; readonly agent: Named & { readonly shown: { readonly attributes: Json } | null }; readonly verifiedBy: Named | null; readonly relation: { readonly name: string; readonly qualifiers: Json; readonly source: { readonly id: string; readonly kind: string | null; readonly title: string }; readonly attributions: readonly (Origin)[] } } })[] };

export type Related = { readonly counted: number; readonly allCounted: boolean; readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }; readonly edges: readonly ({ readonly node: Edge })[] };

export type Found = { readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }; readonly edges: readonly ({ readonly node: Listed & { readonly contributions: { readonly totalCount: number; readonly edges: readonly ({ readonly node: { readonly nature: "PERSON" | "AI" | "SOFTWARE" | "ORGANIZATION" | null; readonly agent: { readonly id: string; readonly title: string } } })[] } } })[] };

export type OneBundleAnswer = { readonly bundle: { readonly id: string; readonly kind: "RECORD" | "STATEMENT" | "NOT_UNDERSTOOD"; readonly by: string | null; readonly at: string | null; readonly position: number; readonly counts: boolean; readonly lives: boolean; readonly answeredBy: readonly (string)[]; readonly header: string; readonly body: string | null; readonly saysNothing: string | null; readonly envelope: Json | null; readonly attribution: Behind; readonly source: { readonly uri: string; readonly mapping: string; readonly licence: string | null } | null; readonly proof: { readonly position: number; readonly size: number; readonly root: string; readonly leaf: string; readonly hashes: readonly (string)[] } } | null };
export type OneBundleVariables = { id: string };
export const OneBundle: Question<OneBundleAnswer, OneBundleVariables> = "query OneBundle($id: ID!) { bundle(id: $id) { id kind by at position counts lives answeredBy header body saysNothing envelope attribution { ...Behind } source { uri mapping licence } proof { position size root leaf hashes } } } fragment Origin on Attribution { bundle kind by at author words } fragment Behind on Attribution { ...Origin key pending counts lives grants { id key scope grantedBy by } vouchedBy { run author by at isTrusted } }";

export type StatsAnswer = { readonly stats: { readonly bundles: number; readonly nodes: readonly ({ readonly name: string; readonly count: number })[]; readonly edges: readonly ({ readonly name: string; readonly count: number })[]; readonly log: { readonly size: number; readonly root: string } } };
export type StatsVariables = Record<string, never>;
export const Stats: Question<StatsAnswer, StatsVariables> = "query Stats { stats { bundles nodes { name count } edges { name count } log { size root } } }";

export type StartsAnswer = { readonly ideas: Found; readonly runs: Found; readonly works: Found; readonly statements: Latest };
export type StartsVariables = { first: number };
export const Starts: Question<StartsAnswer, StartsVariables> = "query Starts($first: Int!) { ideas: newest(kind: \"idea\", first: $first) { ...Found } runs: newest(kind: \"run\", first: $first) { ...Found } works: newest(kind: \"work\", first: $first) { ...Found } statements(first: $first) { ...Latest } } fragment Latest on StatementConnection { pageInfo { hasNextPage endCursor } edges { node { describedCount relationCount describes(first: 3) { id kind title } attribution { ...Origin } } } } fragment Named on Node { id kind title warnings } fragment Listed on Node { ...Named shown { author at attributes } } fragment Origin on Attribution { bundle kind by at author words } fragment Found on NodeConnection { pageInfo { hasNextPage endCursor } edges { node { ...Listed contributions(first: 3) { totalCount edges { node { nature agent { id title } } } } } } }";

export type LatestAnswer = { readonly statements: Latest };
export type LatestVariables = { first: number; after?: string | null };
export const Latest: Question<LatestAnswer, LatestVariables> = "query Latest($first: Int!, $after: String) { statements(first: $first, after: $after) { ...Latest } } fragment Latest on StatementConnection { pageInfo { hasNextPage endCursor } edges { node { describedCount relationCount describes(first: 3) { id kind title } attribution { ...Origin } } } } fragment Origin on Attribution { bundle kind by at author words }";

export type KeysAnswer = { readonly speakers: { readonly asOf: { readonly size: number; readonly root: string }; readonly authors: { readonly totalCount: number; readonly edges: readonly ({ readonly node: { readonly key: string; readonly isTrusted: boolean; readonly own: Speaks; readonly granted: readonly (Speaks)[] } })[] }; readonly pending: readonly ({ readonly under: string; readonly key: string; readonly statements: number })[] } };
export type KeysVariables = { first: number };
export const Keys: Question<KeysAnswer, KeysVariables> = "query Keys($first: Int!) { speakers { asOf { size root } authors(first: $first) { totalCount edges { node { key isTrusted own { ...Speaks } granted { ...Speaks } } } } pending { under key statements } } } fragment Speaks on Speaker { key state endedBy grant scope grantedBy grantedAt depth names statements counting last }";

export type LineageAnswer = { readonly lineage: { readonly start: Stepped; readonly nodes: readonly ({ readonly depth: number; readonly node: Stepped })[]; readonly relations: readonly ({ readonly name: string; readonly subtype: string | null; readonly qualifiers: Json; readonly source: { readonly id: string }; readonly target: { readonly id: string }; readonly attributions: readonly (Origin)[] })[]; readonly more: readonly ({ readonly id: string; readonly count: number })[] } };
export type LineageVariables = { id: string; direction: "UP" | "DOWN"; depth: number; first: number };
export const Lineage: Question<LineageAnswer, LineageVariables> = "query Lineage($id: ID!, $direction: Direction!, $depth: Int!, $first: Int!) { lineage(id: $id, direction: $direction, depth: $depth, first: $first) { start { ...Stepped } nodes { depth node { ...Stepped } } relations { name subtype qualifiers source { id } target { id } attributions { ...Origin } } more { id count } } } fragment Stepped on Node { ...Listed contributions(first: 3) { totalCount edges { node { nature agent { title } } } } } fragment Named on Node { id kind title warnings } fragment Listed on Node { ...Named shown { author at attributes } } fragment Origin on Attribution { bundle kind by at author words }";

export type SearchAnswer = { readonly search: Found };
export type SearchVariables = { text: string; kind?: string | null; first: number; after?: string | null };
export const Search: Question<SearchAnswer, SearchVariables> = "query Search($text: String!, $kind: String, $first: Int!, $after: String) { search(text: $text, kind: $kind, first: $first, after: $after) { ...Found } } fragment Named on Node { id kind title warnings } fragment Listed on Node { ...Named shown { author at attributes } } fragment Found on NodeConnection { pageInfo { hasNextPage endCursor } edges { node { ...Listed contributions(first: 3) { totalCount edges { node { nature agent { id title } } } } } } }";

export type BrowseAnswer = { readonly nodes: Found };
export type BrowseVariables = { kind?: string | null; first: number; after?: string | null };
export const Browse: Question<BrowseAnswer, BrowseVariables> = "query Browse($kind: String, $first: Int!, $after: String) { nodes(kind: $kind, first: $first, after: $after) { ...Found } } fragment Named on Node { id kind title warnings } fragment Listed on Node { ...Named shown { author at attributes } } fragment Found on NodeConnection { pageInfo { hasNextPage endCursor } edges { node { ...Listed contributions(first: 3) { totalCount edges { node { nature agent { id title } } } } } } }";

export type RelatedToAnswer = { readonly related: { readonly asOf: { readonly size: number; readonly root: string }; readonly model: string | null; readonly whyEmpty: string | null; readonly items: readonly ({ readonly score: number; readonly reasons: readonly (string)[]; readonly node: Listed; readonly path: readonly (Edge)[] })[] } };
export type RelatedToVariables = { id?: string | null; text?: string | null; first: number };
export const RelatedTo: Question<RelatedToAnswer, RelatedToVariables> = "query RelatedTo($id: ID, $text: String, $first: Int!) { related(id: $id, text: $text, first: $first) { asOf { size root } model whyEmpty items { score reasons node { ...Listed } path { ...Edge } } } } fragment Named on Node { id kind title warnings } fragment Listed on Node { ...Named shown { author at attributes } } fragment Origin on Attribution { bundle kind by at author words } fragment Edge on Relation { name subtype qualifiers source { ...Named } target { ...Named } attributions { ...Origin } }";

export type UnexploredAnswer = { readonly directions: { readonly asOf: { readonly size: number; readonly root: string }; readonly whyEmpty: string | null; readonly items: readonly ({ readonly score: number; readonly reason: string; readonly concepts: readonly (Named)[]; readonly bridging: readonly (Listed)[]; readonly left: readonly (Listed)[]; readonly right: readonly (Listed)[] })[] } };
export type UnexploredVariables = { first: number };
export const Unexplored: Question<UnexploredAnswer, UnexploredVariables> = "query Unexplored($first: Int!) { directions(first: $first) { asOf { size root } whyEmpty items { score reason concepts { ...Named } bridging { ...Listed } left { ...Listed } right { ...Listed } } } } fragment Named on Node { id kind title warnings } fragment Listed on Node { ...Named shown { author at attributes } }";

export type ChecksAnswer = { readonly audit: { readonly checks: readonly ({ readonly name: string; readonly verdict: string; readonly evidence: string; readonly remedy: string | null })[] } };
export type ChecksVariables = { id: string };
export const Checks: Question<ChecksAnswer, ChecksVariables> = "query Checks($id: ID!) { audit(id: $id) { checks { name verdict evidence remedy } } }";

export type HeadAnswer = { readonly node: Named & { readonly shown: Said | null; readonly alsoStated: readonly (Said)[] } | null };
export type HeadVariables = { id: string };
export const Head: Question<HeadAnswer, HeadVariables> = "query Head($id: ID!) { node(id: $id) { ...Named shown { ...Said } alsoStated { ...Said } } } fragment Named on Node { id kind title warnings } fragment Origin on Attribution { bundle kind by at author words } fragment Said on Description { author at attributes attribution { ...Origin } bundle { source { uri mapping licence } } }";

export type FactsAnswer = { readonly node: { readonly id: string; readonly versions: readonly (Listed)[]; readonly contributions: Contributed; readonly outgoing: Related; readonly incoming: Related } | null };
export type FactsVariables = { id: string; names?: readonly (string)[] | null };
export const Facts: Question<FactsAnswer, FactsVariables> = "query Facts($id: ID!, $names: [String!]) { node(id: $id) { id versions { ...Listed } contributions(first: 20) { ...Contributed } outgoing: relations(direction: OUT, names: $names, first: 100) { ...Related } incoming: relations(direction: IN, first: 100) { ...Related } } } fragment Named on Node { id kind title warnings } fragment Listed on Node { ...Named shown { author at attributes } } fragment Origin on Attribution { bundle kind by at author words } fragment Edge on Relation { name subtype qualifiers source { ...Named } target { ...Named } attributions { ...Origin } } fragment Contributed on ContributionConnection { totalCount pageInfo { hasNextPage endCursor } edges { node { nature role degree autonomy activity initiative position agent { ...Named shown { attributes } } verifiedBy { ...Named } relation { name qualifiers source { id kind title } attributions { ...Origin } } } } } fragment Related on RelationConnection { counted allCounted pageInfo { hasNextPage endCursor } edges { node { ...Edge } } }";

export type ContributorsAnswer = { readonly node: { readonly contributions: Contributed } | null };
export type ContributorsVariables = { id: string; first: number; after?: string | null };
export const Contributors: Question<ContributorsAnswer, ContributorsVariables> = "query Contributors($id: ID!, $first: Int!, $after: String) { node(id: $id) { contributions(first: $first, after: $after) { ...Contributed } } } fragment Named on Node { id kind title warnings } fragment Origin on Attribution { bundle kind by at author words } fragment Contributed on ContributionConnection { totalCount pageInfo { hasNextPage endCursor } edges { node { nature role degree autonomy activity initiative position agent { ...Named shown { attributes } } verifiedBy { ...Named } relation { name qualifiers source { id kind title } attributions { ...Origin } } } } }";

export type RelationsAnswer = { readonly node: { readonly relations: Related } | null };
export type RelationsVariables = { id: string; direction: "OUT" | "IN"; names?: readonly (string)[] | null; first: number; after?: string | null };
export const Relations: Question<RelationsAnswer, RelationsVariables> = "query Relations($id: ID!, $direction: RelationDirection!, $names: [String!], $first: Int!, $after: String) { node(id: $id) { relations(direction: $direction, names: $names, first: $first, after: $after) { ...Related } } } fragment Named on Node { id kind title warnings } fragment Origin on Attribution { bundle kind by at author words } fragment Edge on Relation { name subtype qualifiers source { ...Named } target { ...Named } attributions { ...Origin } } fragment Related on RelationConnection { counted allCounted pageInfo { hasNextPage endCursor } edges { node { ...Edge } } }";

export type LabelAnswer = { readonly node: { readonly id: string; readonly title: string } | null };
export type LabelVariables = { id: string };
export const Label: Question<LabelAnswer, LabelVariables> = "query Label($id: ID!) { node(id: $id) { id title } }";
