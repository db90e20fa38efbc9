// Light, dark or as the device: at once, and remembered by the same cookie that the server reads.
export function startTheme(): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>("a[data-theme-choice]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const choice = link.dataset["themeChoice"] ?? "auto";
      document.documentElement.dataset["theme"] = choice;
      // Over HTTPS only this host may set it.
      const [prefix, secure] = location.protocol === "https:" ? ["__Host-", "; secure"] : ["", ""];
      document.cookie = `${prefix}theme=${choice}; path=/; max-age=31536000; samesite=lax${secure}`;
      for (const other of document.querySelectorAll("a[data-theme-choice]")) other.removeAttribute("aria-current");
      link.setAttribute("aria-current", "true");
      link.closest("details")?.removeAttribute("open");
    });
  }
  // One open menu at a time; Escape and a click elsewhere close it.
  const menus = [...document.querySelectorAll<HTMLDetailsElement>("details.theme, details.provinces, details.credits")];
  const close = (except?: EventTarget | null) => {
    for (const menu of menus) if (!(except instanceof Node && menu.contains(except))) menu.open = false;
  };
  document.addEventListener("click", (event) => close(event.target));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
}
