// Colours by token, as the style sheet has them now.
export const isDark = (): boolean => {
  const chosen = document.documentElement.dataset["theme"];
  return chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
};

export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** A class's colour on the present ground. */
export function colourOf(item: { colour: string; dark: string }): string {
  const colour = isDark() ? item.dark : item.colour;
  return colour.startsWith("#") ? colour : token(colour);
}

/** Calls back when light becomes dark or dark light. */
export function onThemeChange(then: () => void): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", then);
  new MutationObserver(then).observe(document.documentElement, { attributeFilter: ["data-theme"] });
}
