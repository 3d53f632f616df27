/** The address of every state of the page: what is looked at, and how. Pure. */

export const THING_VIEWS = ["facts", "lineage", "related", "map", "audit"] as const;
export const HOME_VIEWS = ["search", "directions", "related", "said", "keys"] as const;
export type View = (typeof THING_VIEWS)[number] | (typeof HOME_VIEWS)[number];
export type Way = "up" | "down";

/** A state of the page. `id` is `null` on the pages that are not about one thing. */
export interface Place {
  readonly id: string | null;
  readonly view: View;
  /** What is searched for. */
  readonly text: string;
  /** The kind that results are limited to. */
  readonly kind: string | null;
  /** How many rows of a list are asked for. */
  readonly count: number;
  readonly way: Way;
  readonly depth: number;
  /** Things whose next step is drawn too. */
  readonly open: readonly string[];
  /** Things of which more next steps are drawn than at first, and how many. */
  readonly unfolded: Readonly<Record<string, number>>;
}

export const PAGE = 20;
export const MAX_COUNT = 200;
export const MAX_DEPTH = 6;
const DEPTH = 1;
const PREFIX = "/id/";

/** The state that a new visit to an address has; what is missing or wrong there is the default. */
export function placeOf(url: URL): Place {
  const id = idOf(url.pathname);
  const asked = url.searchParams;
  const views: readonly string[] = id === null ? HOME_VIEWS : THING_VIEWS;
  const view = asked.get("view") ?? "";
  return {
    id,
    view: (views.includes(view) ? view : views[0]) as View,
    text: asked.get("q") ?? "",
    kind: asked.get("kind") || null,
    count: whole(asked.get("n"), PAGE, PAGE, MAX_COUNT),
    way: asked.get("direction") === "down" ? "down" : "up",
    depth: whole(asked.get("depth"), DEPTH, 1, MAX_DEPTH),
    open: asked.getAll("open"),
    unfolded: Object.fromEntries(asked.getAll("more").flatMap(counted)),
  };
}

/** The address of a state, without what is the default. */
export function addressOf(place: Partial<Place>): string {
  const asked = new URLSearchParams();
  const id = place.id ?? null;
  const views: readonly string[] = id === null ? HOME_VIEWS : THING_VIEWS;
  if (place.text) asked.set("q", place.text);
  if (place.kind) asked.set("kind", place.kind);
  if (place.view && place.view !== views[0]) asked.set("view", place.view);
  if (place.count && place.count !== PAGE) asked.set("n", String(place.count));
  if (place.way === "down") asked.set("direction", "down");
  if (place.depth && place.depth !== DEPTH) asked.set("depth", String(place.depth));
  for (const one of place.open ?? []) asked.append("open", one);
  for (const [one, n] of Object.entries(place.unfolded ?? {})) asked.append("more", `${n}~${one}`);
  const query = asked.toString();
  return (id === null ? "/" : pathOf(id)) + (query ? `?${query}` : "");
}

/** The path of a thing's page. */
export function pathOf(id: string): string {
  const parts = id.split("/");
  // A browser would resolve empty, `.` and `..` segments; as %2F they stay inside one.
  const slash = parts.some((part) => part === "" || part === "." || part === "..") ? "%2F" : "/";
  return PREFIX + parts.map((part) => encodeURIComponent(part).replace(/%3A/g, ":")).join(slash);
}

function idOf(path: string): string | null {
  if (!path.startsWith(PREFIX) || path.length === PREFIX.length) return null;
  try {
    return decodeURIComponent(path.slice(PREFIX.length));
  } catch {
    return path.slice(PREFIX.length);
  }
}

function whole(text: string | null, otherwise: number, least: number, most: number): number {
  if (text === null || !/^\d{1,6}$/.test(text)) return otherwise;
  return Math.min(most, Math.max(least, Number(text)));
}

function counted(text: string): [string, number][] {
  const match = /^(\d{1,4})~(.+)$/s.exec(text);
  return match?.[1] && match[2] ? [[match[2], Number(match[1])]] : [];
}
