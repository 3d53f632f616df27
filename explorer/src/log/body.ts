/** Contents of a bundle's body: the things that it describes, and the number of its relations. Pure. */

import { type Digest, hex, utf8 } from "./bytes";

export interface DescribedThing {
  readonly id: string;
  readonly title: string;
  readonly kind: string | null;
  /** The bundle minted this thing: its id is made from the bundle's own. */
  readonly isNew: boolean;
}

/** Return the things that a body describes; `#k` becomes the id that this bundle mints for it. */
export async function thingsIn(
  bundle: string,
  body: string,
  sha256: Digest | null,
): Promise<readonly DescribedThing[]> {
  const things: DescribedThing[] = [];
  for (const node of itemsOf(body, "nodes")) {
    const id = text(node.id) ?? "";
    const kind = text(node.kind);
    const isNew = id.startsWith("#");
    if (isNew && sha256 === null) continue;
    const full = isNew && sha256 ? `${kind}:${hex(await sha256(utf8(bundle + id)))}` : id;
    const title = text(node.title) ?? text(node.name) ?? text(node.text) ?? full;
    things.push({ id: full, title, kind, isNew });
  }
  return things;
}

export function countRelations(body: string): number {
  return itemsOf(body, "edges").length;
}

function itemsOf(body: string, key: "nodes" | "edges"): readonly Record<string, unknown>[] {
  try {
    const items: unknown = JSON.parse(body)[key];
    return Array.isArray(items) ? items : [];
  } catch {
    return [];
  }
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
