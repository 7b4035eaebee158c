// The house colours, a light and a dark shade of each, and the switch between them.

const SHADES = {
  light: {
    ink: "#1b1f24", muted: "#57606a", line: "#e4e7eb", faint: "#b6bcc3", paper: "#ffffff",
    blue: "#0072b2", vermilion: "#be5200", green: "#00805d", purple: "#a3527f", grey: "#8c959f",
  },
  dark: {
    ink: "#e6eaee", muted: "#a3acb5", line: "#2a2f35", faint: "#525a62", paper: "#14171a",
    blue: "#56b4e9", vermilion: "#f08a3c", green: "#33c79b", purple: "#cc79a7", grey: "#7d8791",
  },
};
const FONT = '"Helvetica Neue", Helvetica, Arial, "Liberation Sans", sans-serif';
const THEME_KEY = "recurra-report-theme";

function theme() {
  const chosen = document.documentElement.dataset.theme;
  return chosen || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
}

function shades() {
  return SHADES[theme()];
}

// Storage may be forbidden for local files; the choice then lasts as long as the page.
function remember(choice) {
  try { localStorage.setItem(THEME_KEY, choice); } catch { /* not kept */ }
}

function remembered() {
  try { return localStorage.getItem(THEME_KEY); } catch { return null; }
}

function startTheme(redraw) {
  const button = document.getElementById("theme");
  const kept = remembered();
  if (kept === "light" || kept === "dark") document.documentElement.dataset.theme = kept;
  const name = () => {
    button.textContent = theme() === "dark" ? "light colours" : "dark colours";
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    document.documentElement.dataset.theme = theme() === "dark" ? "light" : "dark";
    remember(theme());
    name();
    redraw();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { name(); redraw(); });
  name();
}
