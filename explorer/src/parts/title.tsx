/** The title of a page: its heading, the name of the window, and where the focus goes on arrival. */

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useGoing } from "../router";

interface PageTitleProps {
  /** What the window is called; the first screen has none of its own. */
  readonly window: string;
  readonly class?: string;
  readonly children: ComponentChildren;
}

export function PageTitle({ window, class: look, children }: PageTitleProps) {
  const { arrived } = useGoing();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = window === "" ? "Colineage" : `${window} · Colineage`;
    // The keyboard and a screen reader start at the new page's title, but not on the first visit.
    if (arrived()) heading.current?.focus({ preventScroll: true });
  }, [window, arrived]);
  return (
    <h1 ref={heading} tabIndex={-1} dir="auto" class={look}>
      {children}
    </h1>
  );
}
