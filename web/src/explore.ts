// The explorer: copying a command, and asking a question without loading the page anew.

/** Shows the buttons that copy, and has them copy. */
export function startCopying(root: ParentNode): void {
  for (const button of root.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
    const from = document.getElementById(button.dataset["copy"] ?? "");
    // A button that is seen copies already.
    if (!from || !navigator.clipboard || !button.hidden) continue;
    const usual = button.textContent;
    button.hidden = false;
    button.addEventListener("click", () => {
      void navigator.clipboard.writeText(from.textContent ?? "").then(() => {
        button.textContent = button.dataset["copied"] ?? usual;
        setTimeout(() => (button.textContent = usual), 2_000);
      });
    });
  }
}

/** Has the form of the query bench asked in place: the address changes, what stands around it stays. */
export function startQuery(form: HTMLFormElement): void {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void run(form, event.submitter);
  });
}

async function run(form: HTMLFormElement, by: HTMLElement | null): Promise<void> {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form, by)) {
    if (typeof value === "string" && value !== "") fields.append(name, value);
  }
  const address = `${location.pathname}?${fields}`;
  form.ariaBusy = "true";
  try {
    const response = await fetch(address, { headers: { Accept: "text/html" } });
    if (!response.ok) throw new Error(response.statusText);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const main = document.getElementById("main");
    const fresh = page.getElementById("answer");
    const old = document.getElementById("answer");
    if (!main || !fresh || !old) throw new Error("no answer");
    old.replaceChildren(...fresh.childNodes);
    const asked = page.querySelector(".asked");
    if (asked) main.querySelector(".asked")?.replaceWith(asked);
    startCopying(main);
    history.pushState(null, "", address);
    old.scrollIntoView({ block: "start", behavior: "auto" });
  } catch {
    // What cannot be done in place is done as without scripts.
    location.assign(address);
  } finally {
    form.ariaBusy = "false";
  }
}
