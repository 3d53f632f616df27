/** Router: changes the state of the page, with the browser's history. */

import { type ComponentChildren, createContext } from "preact";
import { useCallback, useContext, useEffect, useRef, useState } from "preact/hooks";
import { addressOf, type Place, placeOf } from "./address";

interface Routing {
  readonly place: Place;
  readonly go: (place: Partial<Place>, how?: { readonly replace?: boolean }) => void;
  /** Return whether another page was opened since the last call. */
  readonly takeArrival: () => boolean;
}

const RoutingContext = createContext<Routing | null>(null);

/** Use the current state of the page, and the function that changes it. */
export function useRouter(): Routing {
  const routing = useContext(RoutingContext);
  if (routing === null) throw new Error("expected to be inside <Router>, am not");
  return routing;
}

export function Router({ children }: { readonly children: ComponentChildren }) {
  const [place, setPlace] = useState(() => placeOf(new URL(location.href)));
  const hasArrived = useRef(false);
  useEffect(() => {
    const back = () => {
      const there = placeOf(new URL(location.href));
      setPlace((before) => {
        if (pageOf(before) !== pageOf(there)) hasArrived.current = true;
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
      if (pageOf(before) !== pageOf(there)) hasArrived.current = true;
      if (pageOf(before) !== pageOf(there) || before.view !== there.view) scrollTo(0, 0);
      return there;
    });
  }, []);
  const takeArrival = useCallback(() => {
    const arrival = hasArrived.current;
    hasArrived.current = false;
    return arrival;
  }, []);
  return (
    <RoutingContext.Provider value={{ place, go, takeArrival }}>{children}</RoutingContext.Provider>
  );
}

/** Return a key of the page, equal for states under one title: a thing in all its views, a search, a list of a kind. */
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

/** Link inside the page: a real one, so it can be copied, opened in a new tab and read out. */
export function To({ to, replace = false, ...rest }: ToProps) {
  const { go } = useRouter();
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
      return;
    event.preventDefault();
    go(to, { replace });
  };
  return <a {...rest} href={addressOf(to)} onClick={follow} />;
}
