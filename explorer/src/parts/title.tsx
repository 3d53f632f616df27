/** Title of a page: its heading, which gets the focus on arrival, and the title of the window. */

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useRouter } from "../router";

interface PageTitleProps {
  /** Title of the window; empty on the first screen. */
  readonly window: string;
  readonly class?: string;
  readonly children: ComponentChildren;
}

export function PageTitle({ window, class: look, children }: PageTitleProps) {
  const { takeArrival } = useRouter();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = window === "" ? "Colineage" : `${window} · Colineage`;
    // The keyboard and a screen reader start at the new page's title, but not on the first visit.
    if (takeArrival()) heading.current?.focus({ preventScroll: true });
  }, [window, takeArrival]);
  return (
    <h1 ref={heading} tabIndex={-1} dir="auto" class={look}>
      {children}
    </h1>
  );
}
