/** What the person chose; `system` follows the machine. */
export type Theme = "system" | "light" | "dark";

const KEY = "drover.theme";
const DARK_CLASS = "pf-v6-theme-dark";

/** Runs before the first paint (see the root layout), so that a dark page never flashes white. */
export const themeScript = `(()=>{let t=null;try{t=localStorage.getItem("${KEY}")}catch(e){t=null}if(t==="dark"||(t!=="light"&&matchMedia("(prefers-color-scheme: dark)").matches))document.documentElement.classList.add("${DARK_CLASS}")})()`;

export function readTheme(): Theme {
  const stored = localStorage.getItem(KEY);
  return stored === "light" || stored === "dark" ? stored : "system";
}

/** Keeps the choice in this browser and shows it at once. */
export function applyTheme(theme: Theme): void {
  localStorage.setItem(KEY, theme);
  const dark =
    theme === "dark" ||
    (theme === "system" && globalThis.matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.classList.toggle(DARK_CLASS, dark);
}
