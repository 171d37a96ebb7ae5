// Light, dark, or as the system has it. The layout's script applies the choice before the first paint and whenever it changes.
export const themes = ["light", "dark", "system"] as const;
export type Theme = (typeof themes)[number];

export const chosenTheme = (): Theme => themes.find((theme) => theme === localStorage.getItem("theme")) ?? "system";

export function chooseTheme(theme: Theme): void {
  localStorage.setItem("theme", theme);
  window.dispatchEvent(new Event("themechoice"));
}

/** Dark where it is light, and the other way round. */
export const toggleTheme = (): void =>
  chooseTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark");
