import { describe, expect, it } from "vitest";
import { addressOf, MAX_COUNT, MAX_DEPTH, pathOf, placeOf } from "../src/address";

const at = (address: string) => placeOf(new URL(address, "http://here"));

describe("an address", () => {
  it.each([
    "/",
    "/?q=human+AI",
    "/?kind=idea&n=60",
    "/?view=directions",
    "/?view=said&n=60",
    "/?view=keys",
    "/?q=a+text&view=related",
    "/id/arxiv:2512.05356",
    "/id/arxiv:2512.05356?view=lineage&direction=down&depth=3&open=idea%3A1&open=doi%3A10.1%2Fa%2Cb&more=18%7Eidea%3A1",
  ])("comes back from the state it stands for: %s", (address) => {
    expect(addressOf(at(address))).toBe(address);
  });

  it.each([
    "doi:10.1000/xyz?a=b#c",
    "doi:10.1000/../up",
    "doi:10.1000//two",
    "doi:10.1000/.",
    "concept:arxiv/cs.AI",
    "mention:arxiv:2512.05356/ab",
    "doi:10.1/50%25",
    "doi:10.1/ü<img>",
  ])("holds every id through the browser's own parsing: %s", (id) => {
    expect(at(pathOf(id)).id).toBe(id);
  });

  it("falls back to what is usual where it says something else", () => {
    const place = at("/id/x:1?view=nonsense&depth=99&n=-3&direction=sideways&more=x&kind=");
    expect(place).toMatchObject({ view: "facts", depth: MAX_DEPTH, count: 20, way: "up" });
    expect(place).toMatchObject({ unfolded: {}, kind: null });
    expect(at("/?n=999999").count).toBe(MAX_COUNT);
  });

  it("keeps an id that can't be decoded as it stands", () => {
    expect(at("/id/doi:10.1/%E0%A4%A").id).toBe("doi:10.1/%E0%A4%A");
  });
});
