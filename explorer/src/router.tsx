/** Going from one state of the page to another, with the browser's history. */

import { type ComponentChildren, createContext } from "preact";
import { useCallback, useContext, useEffect, useRef, useState } from "preact/hooks";
import { addressOf, type Place, placeOf } from "./address";

interface Going {
  readonly place: Place;
  readonly go: (place: Partial<Place>, how?: { readonly replace?: boolean }) => void;
  /** Whether a page was gone to and its title has not been told so yet. */
  readonly arrived: () => boolean;
}

const Here = createContext<Going | null>(null);

/** Where we are and how to go elsewhere. */
export function useGoing(): Going {
  const going = useContext(Here);
  if (going === null) throw new Error("expected to be inside <History>, am not");
  return going;
}

export function History({ children }: { readonly children: ComponentChildren }) {
  const [place, setPlace] = useState(() => placeOf(new URL(location.href)));
  const onTheWay = useRef(false);
  useEffect(() => {
    const back = () => {
      const there = placeOf(new URL(location.href));
      setPlace((before) => {
        if (pageOf(before) !== pageOf(there)) onTheWay.current = true;
        return there;
      });
    };
    addEventListener("popstate", back);
    return () => removeEventListener("popstate", back);
  }, []);
  const go = useCallback((next: Partial<Place>, how: { readonly replace?: boolean } = {}) => {
    const address = addressOf(next);
    if (how.replace) history.replaceState(null, "", address);
    else history.pushState(null, "", address);
    const there = placeOf(new URL(location.href));
    setPlace((before) => {
      if (pageOf(before) !== pageOf(there)) onTheWay.current = true;
      if (pageOf(before) !== pageOf(there) || before.view !== there.view) scrollTo(0, 0);
      return there;
    });
  }, []);
  const arrived = useCallback(() => {
    const was = onTheWay.current;
    onTheWay.current = false;
    return was;
  }, []);
  return <Here.Provider value={{ place, go, arrived }}>{children}</Here.Provider>;
}

/** What has a title of its own: a thing in all its views, a search, a list of a kind. */
function pageOf({ id, view, text, kind }: Place): string {
  return JSON.stringify(id === null ? [view, text, kind] : [id]);
}

interface ToProps {
  readonly to: Partial<Place>;
  readonly replace?: boolean;
  readonly class?: string;
  readonly title?: string | undefined;
  readonly children?: ComponentChildren;
  readonly "aria-label"?: string;
  readonly "aria-current"?: "page" | "true" | undefined;
}

/** A link inside the page: a real one, so it can be copied, opened in a new tab and read out. */
export function To({ to, replace = false, ...rest }: ToProps) {
  const { go } = useGoing();
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
      return;
    event.preventDefault();
    go(to, { replace });
  };
  return <a {...rest} href={addressOf(to)} onClick={follow} />;
}
