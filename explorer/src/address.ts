/** Address of every state of the page, and the state at every address. Pure. */

export const THING_VIEWS = ["facts", "lineage", "related", "map", "audit"] as const;
export const HOME_VIEWS = ["search", "directions", "related", "said", "keys"] as const;
export type View = (typeof THING_VIEWS)[number] | (typeof HOME_VIEWS)[number];
export type Way = "up" | "down";

/** State of the page. `id` is `null` on the pages that are not about one thing. */
export interface Place {
  readonly id: string | null;
  readonly view: View;
  /** Words to search for. */
  readonly text: string;
  /** Kind that results are limited to. */
  readonly kind: string | null;
  /** Number of rows of a list to ask for. */
  readonly count: number;
  readonly way: Way;
  readonly depth: number;
  /** Things whose next step is drawn, too. */
  readonly open: readonly string[];
  /** Number of next steps to draw, by thing, where it is more than at first. */
  readonly unfolded: Readonly<Record<string, number>>;
}

export const PAGE = 20;
export const MAX_COUNT = 200;
export const MAX_DEPTH = 6;
const DEPTH = 1;
const PREFIX = "/id/";

/** Return the state at an address; what is missing or invalid there gets its default. */
export function placeOf(url: URL): Place {
  const id = idOf(url.pathname);
  const parameters = url.searchParams;
  const views: readonly string[] = id === null ? HOME_VIEWS : THING_VIEWS;
  const view = parameters.get("view") ?? "";
  return {
    id,
    view: (views.includes(view) ? view : views[0]) as View,
    text: parameters.get("q") ?? "",
    kind: parameters.get("kind") || null,
    count: integerIn(parameters.get("n"), PAGE, PAGE, MAX_COUNT),
    way: parameters.get("direction") === "down" ? "down" : "up",
    depth: integerIn(parameters.get("depth"), DEPTH, 1, MAX_DEPTH),
    open: parameters.getAll("open"),
    unfolded: Object.fromEntries(parameters.getAll("more").flatMap(unfoldedIn)),
  };
}

/** Return the address of a state, without the defaults. */
export function addressOf(place: Partial<Place>): string {
  const parameters = new URLSearchParams();
  const id = place.id ?? null;
  const views: readonly string[] = id === null ? HOME_VIEWS : THING_VIEWS;
  if (place.text) parameters.set("q", place.text);
  if (place.kind) parameters.set("kind", place.kind);
  if (place.view && place.view !== views[0]) parameters.set("view", place.view);
  if (place.count && place.count !== PAGE) parameters.set("n", String(place.count));
  if (place.way === "down") parameters.set("direction", "down");
  if (place.depth && place.depth !== DEPTH) parameters.set("depth", String(place.depth));
  for (const opened of place.open ?? []) parameters.append("open", opened);
  for (const [unfolded, n] of Object.entries(place.unfolded ?? {}))
    parameters.append("more", `${n}~${unfolded}`);
  const query = parameters.toString();
  return (id === null ? "/" : pathOf(id)) + (query ? `?${query}` : "");
}

/** Return the path of a thing's page. */
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

function integerIn(text: string | null, otherwise: number, least: number, most: number): number {
  if (text === null || !/^\d{1,6}$/.test(text)) return otherwise;
  return Math.min(most, Math.max(least, Number(text)));
}

/** Parse `18~idea:…`: the number of next steps to draw of a thing. */
function unfoldedIn(text: string): [string, number][] {
  const match = /^(\d{1,4})~(.+)$/s.exec(text);
  return match?.[1] && match[2] ? [[match[2], Number(match[1])]] : [];
}
