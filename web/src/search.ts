// The search field: `/` focuses it, results appear as a list box while typing, Enter without a choice opens the list.

interface Found {
  eid: string;
  typeTitle: string;
  name: string;
  lon?: number;
  lat?: number;
  where?: string;
}

/** What happens with a chosen entity; without an island for it, its page is opened. */
export type Choose = (eid: string, at: [number, number] | null) => void;

const PAUSE = 120;
const MOST = 10;

export function startSearch(tenant: string, choose?: Choose): void {
  const field = document.querySelector<HTMLInputElement>("#find");
  const room = document.querySelector<HTMLElement>("#found");
  if (!field || !room) return;
  new Search(field, room, tenant, choose).start();
}

class Search {
  private found: Found[] = [];
  private chosen = -1;
  private asked = 0;
  private timer = 0;

  constructor(
    private readonly field: HTMLInputElement,
    private readonly room: HTMLElement,
    private readonly tenant: string,
    private readonly choose: Choose | undefined,
  ) {}

  start(): void {
    const { field, room } = this;
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-expanded", "false");
    field.setAttribute("aria-controls", "found-list");
    field.setAttribute("aria-autocomplete", "list");
    field.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = window.setTimeout(() => void this.ask(), PAUSE);
    });
    field.addEventListener("keydown", (event) => this.key(event));
    room.addEventListener("mousedown", (event) => {
      const index = (event.target as Element).closest<HTMLElement>("[data-index]")?.dataset["index"];
      if (index === undefined) return;
      event.preventDefault();
      this.take(Number(index));
    });
    field.addEventListener("blur", () => this.hide());
    document.addEventListener("keydown", (event) => {
      const target = event.target as HTMLElement;
      const typing = target.matches("input, textarea, select, [contenteditable]");
      if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        field.focus();
        field.select();
      }
    });
  }

  private async ask(): Promise<void> {
    const text = this.field.value.trim();
    const asked = ++this.asked;
    if (text.length < 2) return this.hide();
    const query = new URLSearchParams({ text, limit: String(MOST), lang: document.documentElement.lang });
    const response = await fetch(`/api/v1/${this.tenant}/search?${query}`).catch(() => null);
    if (asked !== this.asked || !response?.ok) return;
    this.found = (await response.json()) as Found[];
    this.chosen = -1;
    this.show();
  }

  private show(): void {
    const list = document.createElement("ul");
    list.id = "found-list";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", this.field.placeholder);
    this.found.forEach((item, index) => {
      const row = document.createElement("li");
      row.id = `found-${index}`;
      row.dataset["index"] = String(index);
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", "false");
      const name = document.createElement("span");
      name.textContent = item.name;
      const kind = document.createElement("span");
      kind.className = "quiet";
      kind.textContent = [item.typeTitle, item.where].filter(Boolean).join(" · ");
      row.append(name, kind);
      list.append(row);
    });
    this.room.replaceChildren(list);
    this.room.hidden = this.found.length === 0;
    this.field.setAttribute("aria-expanded", String(this.found.length > 0));
    this.field.removeAttribute("aria-activedescendant");
  }

  private hide(): void {
    this.room.hidden = true;
    this.chosen = -1;
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
  }

  private key(event: KeyboardEvent): void {
    if (event.key === "Escape") {
      if (this.room.hidden) this.field.blur();
      else this.hide();
      event.stopPropagation();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (this.room.hidden || this.found.length === 0) return;
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.chosen = (this.chosen + step + this.found.length) % this.found.length;
      this.room.querySelectorAll("[role=option]").forEach((row, index) => {
        row.setAttribute("aria-selected", String(index === this.chosen));
        if (index === this.chosen) row.scrollIntoView({ block: "nearest" });
      });
      this.field.setAttribute("aria-activedescendant", `found-${this.chosen}`);
    } else if (event.key === "Enter" && this.chosen >= 0) {
      event.preventDefault();
      this.take(this.chosen);
    }
  }

  private take(index: number): void {
    const item = this.found[index];
    if (!item) return;
    this.hide();
    if (this.choose) {
      this.field.blur();
      this.choose(item.eid, item.lon !== undefined && item.lat !== undefined ? [item.lon, item.lat] : null);
    } else {
      location.href = `/${this.tenant}/entity/${encodeURIComponent(item.eid)}`;
    }
  }
}
