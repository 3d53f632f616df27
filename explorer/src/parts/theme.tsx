/** Theme: light, dark, or the system's. The choice is stored in this browser (see assets/theme.js). */

import { useState } from "preact/hooks";

type Theme = "system" | "light" | "dark";
const NEXT: Readonly<Record<Theme, Theme>> = { system: "dark", dark: "light", light: "system" };

function current(): Theme {
  const theme = document.documentElement.dataset.theme;
  return theme === "light" || theme === "dark" ? theme : "system";
}

function choose(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    if (theme === "system") localStorage.removeItem("theme");
    else localStorage.setItem("theme", theme);
  } catch {
    // No storage here: the choice lasts as long as the page.
  }
}

export function ThemeSwitch() {
  const [theme, setTheme] = useState(current);
  const next = () => {
    choose(NEXT[theme]);
    setTheme(NEXT[theme]);
  };
  return (
    <button type="button" class="quiet" onClick={next} aria-label={`Theme: ${theme}. Change it`}>
      <span class="roomy">Theme: </span>
      {theme}
    </button>
  );
}
