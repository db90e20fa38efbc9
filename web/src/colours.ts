// Colours by token, as the style sheet has them now.
export const isDark = (): boolean => {
  const chosen = document.documentElement.dataset["theme"];
  return chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
};

export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** The colour of a class, or of a layer as a whole, on the present ground. */
export function colourOf(item: { colour: string | null; dark: string | null }): string {
  const colour = (isDark() ? item.dark : item.colour) ?? "quiet";
  return colour.startsWith("#") ? colour : token(colour);
}

/** Calls back when light becomes dark or dark light. */
export function onThemeChange(then: () => void): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", then);
  new MutationObserver(then).observe(document.documentElement, { attributeFilter: ["data-theme"] });
}
