// Before the first paint, so that a theme chosen earlier does not flash. Not a module: those wait.
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // No storage here: the system's theme is the theme.
}
