/** Keyboard in the picture: arrow keys, and a focus that survives when the picture is drawn again. */

import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Picture } from "./layout";

/**
 * Keep the focus when the picture grows: its parts are put in another order, and an element that is
 * moved loses the focus.
 */
export function useFocusKeeper(
  frame: { readonly current: HTMLDivElement | null },
  picture: Picture,
) {
  const last = useRef<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: to be done after each new picture
  useLayoutEffect(() => {
    const isLost = document.activeElement === null || document.activeElement === document.body;
    if (last.current === null || !isLost) return;
    const all = [...(frame.current?.querySelectorAll<SVGElement>("[data-key]") ?? [])];
    all.find((element) => element.dataset.key === last.current)?.focus({ preventScroll: true });
  }, [picture]);
  useEffect(() => {
    const elsewhere = (event: Event) => {
      if (!frame.current?.contains(event.target as Node)) last.current = null;
    };
    addEventListener("focusin", elsewhere);
    addEventListener("pointerdown", elsewhere);
    return () => {
      removeEventListener("focusin", elsewhere);
      removeEventListener("pointerdown", elsewhere);
    };
  }, [frame]);
  return (event: FocusEvent) => {
    last.current = (event.target as SVGElement).dataset.key ?? null;
  };
}

/** Move the focus to the nearest box, button or "more" in the direction of an arrow key. */
export function moveFocus(event: KeyboardEvent, frame: HTMLElement | null): void {
  const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[
    event.key
  ];
  const here = (event.target as Element | null)?.closest("[data-place]");
  if (!way || !here || !frame) return;
  const at = placeOf(here);
  const distance = (element: Element) => {
    const { x, y } = placeOf(element);
    const along = (x - at.x) * (way[0] ?? 0) + (y - at.y) * (way[1] ?? 0);
    const aside = Math.abs((x - at.x) * (way[1] ?? 0)) + Math.abs((y - at.y) * (way[0] ?? 0));
    return along > 4 ? along + 2 * aside : Number.POSITIVE_INFINITY;
  };
  const others = [...frame.querySelectorAll("[data-place]")].filter((element) => element !== here);
  const nearest = others.sort((a, b) => distance(a) - distance(b))[0];
  event.preventDefault();
  if (nearest && Number.isFinite(distance(nearest))) (nearest as SVGElement).focus();
}

function placeOf(of: Element): { x: number; y: number } {
  const [x = 0, y = 0] = (of.getAttribute("data-place") ?? "").split(" ").map(Number);
  return { x, y };
}
