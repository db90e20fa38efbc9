// The operations page: layers, map, list and one entity, kept in step.
import { readAddress, writeAddress, type State } from "./address.ts";
import type { Config, Item } from "./config.ts";
import { Events, type Connection } from "./events.ts";
import { age, number, timeWithSeconds, time } from "./format.ts";
import type { OpsMap, Place } from "./map/index.ts";
import { updateRow, valueText } from "./rows.ts";

const LIST_PAUSE = 350;
const LIST_PATIENCE = 6_000;
const PANEL_PATIENCE = 1_500;
const ANNOUNCE_PATIENCE = 10_000;

const find = <T extends HTMLElement>(selector: string): T | null => document.querySelector<T>(selector);

export class Stage {
  private readonly stage = find<HTMLElement>("#main")!;
  private readonly list = find<HTMLElement>("#list")!;
  private readonly panel = find<HTMLElement>("#panel")!;
  private readonly state: State;
  private readonly events: Events;
  private map: OpsMap | null = null;
  private box: [number, number, number, number] | null = null;
  private listTimer = 0;
  private panelTimer = 0;
  private listAsked = 0;
  private panelAsked = 0;
  private panelIsComing = false;
  private readonly news = new Map<string, Item>();
  private newsTimer = 0;

  constructor(private readonly config: Config) {
    this.state = readAddress(config.layers.filter((l) => l.on).map((l) => l.id));
    if (config.isWall) this.state.view = "map";
    this.events = new Events(config.tenant, {
      changed: (items) => this.changed(items),
      reset: () => this.reset(),
      health: () => void this.fetchInto(".health", `/${config.tenant}/sources?part=health`),
      connection: (state) => this.tellConnection(state),
    });
  }

  start(): void {
    this.listenToLayers();
    this.listenToViews();
    this.listenToList();
    this.listenToPanel();
    this.listenToKeys();
    window.addEventListener("popstate", () => location.reload());
    window.addEventListener("pagehide", () => this.events.close());
    this.events.listen(this.state.layers);
    this.tick();
    setInterval(() => this.tick(), 1_000);
    setInterval(() => this.refreshAges(), 30_000);
    void this.openMap();
  }

  /** An entity was chosen by search. */
  choose(eid: string, at: [number, number] | null): void {
    this.pick(eid, at);
    if (at) this.map?.goTo(at);
  }

  private async openMap(): Promise<void> {
    const room = find<HTMLElement>("#map");
    if (!room || this.map || this.state.view === "list") return;
    try {
      const sheet = document.createElement("link");
      sheet.rel = "stylesheet";
      sheet.href = this.config.styleUrl;
      const loaded = new Promise((done) => sheet.addEventListener("load", done));
      document.head.append(sheet);
      const [{ openMap }] = await Promise.all([import("./map/index.ts"), loaded]);
      this.map = await openMap(room, this.config, this.state.place, {
        pick: (eid) => this.pick(eid, null),
        moved: (place, box) => this.moved(place, box),
      });
      this.map.show(new Set(this.state.layers));
      if (this.state.picked) this.markPicked();
      this.box = this.map.bounds();
      if (this.state.view === "split") this.refreshListSoon(LIST_PAUSE);
      room.dataset["ready"] = "yes";
    } catch (error) {
      console.error(error);
      room.classList.add("failed");
      const told = room.querySelector(".map-absent");
      if (told) told.textContent = this.config.words.mapFailed;
    }
  }

  private moved(place: Place | null, box: [number, number, number, number]): void {
    this.state.place = place;
    this.box = box;
    writeAddress(this.state, false);
    if (this.state.view === "split") this.refreshListSoon(LIST_PAUSE);
  }

  // Layers

  private listenToLayers(): void {
    const form = find<HTMLFormElement>("#layer-form");
    if (window.innerWidth <= 900) form?.closest("details")?.removeAttribute("open");
    form?.addEventListener("change", () => {
      const boxes = [...form.querySelectorAll<HTMLInputElement>("input[name=layer]")];
      this.state.layers = boxes.filter((box) => box.checked).map((box) => box.value);
      for (const box of boxes) {
        const legend = box.closest(".layer")?.querySelector<HTMLElement>(".legend");
        if (legend) legend.hidden = !box.checked;
      }
      this.map?.show(new Set(this.state.layers));
      this.events.listen(this.state.layers);
      writeAddress(this.state, false);
      this.refreshListSoon(0);
    });
  }

  // Map, split, list

  private listenToViews(): void {
    for (const link of document.querySelectorAll<HTMLAnchorElement>("a.view")) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        this.look((link.dataset["view"] ?? "split") as State["view"]);
      });
    }
  }

  private look(view: State["view"]): void {
    this.state.view = view;
    this.stage.dataset["view"] = view;
    for (const link of document.querySelectorAll<HTMLAnchorElement>("a.view")) {
      if (link.dataset["view"] === view) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    const hidden = find<HTMLInputElement>("#layer-form input[name=view]");
    if (hidden) hidden.value = view;
    writeAddress(this.state, false);
    this.map?.resize();
    void this.openMap();
    if (view !== "map") this.refreshListSoon(0);
  }

  // List

  private listenToList(): void {
    this.list.addEventListener("click", (event) => {
      const link = (event.target as Element).closest("a");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const row = link.closest<HTMLTableRowElement>("tr[data-eid]");
      if (row) {
        event.preventDefault();
        this.pick(row.dataset["eid"] ?? "", null);
      } else if (link.search) {
        event.preventDefault();
        void this.fetchList(new URLSearchParams(link.search));
      }
    });
  }

  private refreshListSoon(pause: number): void {
    clearTimeout(this.listTimer);
    if (this.state.view === "map") return;
    this.listTimer = window.setTimeout(() => {
      this.listTimer = 0;
      void this.fetchList(new URLSearchParams(location.search));
    }, pause);
  }

  private async fetchList(query: URLSearchParams): Promise<void> {
    const asked = ++this.listAsked;
    for (const name of ["lon", "lat", "z", "layer", "chosen"]) query.delete(name);
    query.set("layers", this.state.layers.join(","));
    query.set("part", "table");
    if (this.state.picked) query.set("sel", this.state.picked);
    if (this.box && this.state.view === "split") query.set("bbox", this.box.map((v) => v.toFixed(4)).join(","));
    else query.delete("bbox");
    const response = await fetch(`/${this.config.tenant}/list?${query}`).catch(() => null);
    if (asked !== this.listAsked || !response?.ok) return;
    // The server wrote this: every text in it is escaped.
    this.list.innerHTML = await response.text();
    for (const name of ["sort", "page", "q"]) {
      const value = query.get(name);
      const here = new URL(location.href);
      if (value) here.searchParams.set(name, value);
      else here.searchParams.delete(name);
      history.replaceState(null, "", here);
    }
    writeAddressKeepingPage(this.state);
  }

  // Panel

  private listenToPanel(): void {
    this.panel.addEventListener("click", (event) => {
      const link = (event.target as Element).closest("a");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      if (link.matches(".close")) {
        event.preventDefault();
        this.pick(null, null);
      } else if (link.closest(".ranges, .measures, .attributes") && link.search) {
        event.preventDefault();
        void this.fetchPanel(new URLSearchParams(link.search));
      }
    });
    if (!this.panel.hidden) void this.dressPanel();
  }

  private pick(eid: string | null, at: [number, number] | null): void {
    // Pointing at the same thing again, however often, asks for nothing more.
    if (eid !== null && eid === this.state.picked && (this.panelIsComing || !this.panel.hidden)) return;
    this.state.picked = eid;
    writeAddress(this.state, false);
    for (const row of this.list.querySelectorAll<HTMLTableRowElement>("tr[data-eid]")) {
      const isPicked = row.dataset["eid"] === eid;
      row.classList.toggle("selected", isPicked);
      if (isPicked) row.setAttribute("aria-selected", "true");
      else row.removeAttribute("aria-selected");
    }
    if (eid) {
      if (at) this.map?.pick(eid, null, at);
      void this.fetchPanel(new URLSearchParams());
      return;
    }
    this.map?.pick(null, null, null);
    this.panel.hidden = true;
    this.panel.replaceChildren();
    this.stage.dataset["panel"] = "closed";
    this.map?.resize();
  }

  private async fetchPanel(query: URLSearchParams): Promise<void> {
    const { picked } = this.state;
    if (!picked) return;
    const asked = ++this.panelAsked;
    query.set("part", "panel");
    const address = `/${this.config.tenant}/entity/${encodeURIComponent(picked)}?${query}`;
    this.panelIsComing = true;
    const response = await fetch(address).catch(() => null);
    if (asked !== this.panelAsked) return;
    this.panelIsComing = false;
    if (!response?.ok || this.state.picked !== picked) return;
    const wasOpen = !this.panel.hidden;
    const scrolled = this.panel.scrollTop;
    const opened = [...this.panel.querySelectorAll("details")].map((d) => d.open);
    this.panel.innerHTML = await response.text();
    this.panel.dataset["query"] = query.toString();
    this.panel.hidden = false;
    this.stage.dataset["panel"] = "open";
    if (wasOpen) {
      this.panel.scrollTop = scrolled;
      this.panel.querySelectorAll("details").forEach((d, i) => (d.open = opened[i] ?? false));
    } else {
      this.map?.resize();
      if (window.innerWidth <= 900) this.panel.scrollIntoView({ block: "start" });
    }
    await this.dressPanel();
    this.markPicked();
  }

  private async dressPanel(): Promise<void> {
    if (!this.panel.querySelector("figure[data-chart]")) return;
    const { drawCharts } = await import("./chart.ts");
    drawCharts(this.panel);
  }

  private markPicked(): void {
    const thing = this.panel.querySelector<HTMLElement>(".thing");
    if (!thing || !this.state.picked) return;
    const [lon, lat] = [Number(thing.dataset["lon"] ?? NaN), Number(thing.dataset["lat"] ?? NaN)];
    const at: [number, number] | null = Number.isFinite(lon) && Number.isFinite(lat) ? [lon, lat] : null;
    this.map?.pick(this.state.picked, thing.dataset["layer"] ?? null, at);
  }

  // Live

  private changed(items: Item[]): void {
    const shown = items.filter((item) => this.state.layers.includes(item.layer));
    this.map?.apply(shown);
    let isNew = false;
    for (const item of shown) {
      if (!updateRow(this.list, this.config, item)) isNew = true;
      this.news.set(item.eid, item);
    }
    if (isNew && this.listTimer === 0) this.refreshListSoon(LIST_PATIENCE);
    if (shown.some((item) => item.eid === this.state.picked)) this.refreshPanelSoon();
    if (this.config.isWall) this.refreshAttentionSoon();
    if (!this.newsTimer) this.newsTimer = window.setTimeout(() => this.announce(), ANNOUNCE_PATIENCE);
  }

  private reset(): void {
    this.map?.reset();
    this.refreshListSoon(Math.random() * 1_000);
    this.refreshPanelSoon();
  }

  private refreshPanelSoon(): void {
    if (this.panelTimer || !this.state.picked) return;
    this.panelTimer = window.setTimeout(() => {
      this.panelTimer = 0;
      void this.fetchPanel(new URLSearchParams(this.panel.dataset["query"] ?? ""));
    }, PANEL_PATIENCE);
  }

  private attentionTimer = 0;
  private refreshAttentionSoon(): void {
    if (this.attentionTimer) return;
    this.attentionTimer = window.setTimeout(() => {
      this.attentionTimer = 0;
      const layers = encodeURIComponent(this.state.layers.join(","));
      void this.fetchInto("#attention", `/${this.config.tenant}?part=attention&layers=${layers}`);
    }, PANEL_PATIENCE);
  }

  /** A short summary for those who listen: never one sentence per value. */
  private announce(): void {
    this.newsTimer = 0;
    const news = [...this.news.values()].filter((item) => !item.gone);
    this.news.clear();
    const room = find<HTMLElement>("#announcer");
    const [first] = news;
    if (!room || !first) return;
    const { changed, changes } = this.config.words;
    room.textContent =
      news.length === 1
        ? changed.replace("{name}", first.name ?? first.eid).replace("{value}", valueText(this.config, first))
        : changes.replaceAll("{count}", number(news.length, 0));
  }

  private tellConnection(state: Connection): void {
    const room = find<HTMLElement>("#connection");
    const words = room?.querySelector("span");
    if (!room || !words) return;
    room.className = `state ${state === "on" ? "ok" : state === "waiting" ? "watch" : "off"}`;
    words.textContent = room.dataset[state === "on" ? "live" : state] ?? "";
  }

  // Clock and ages

  private tick(): void {
    const now = new Date();
    const clock = find("#clock");
    if (clock) clock.textContent = timeWithSeconds(now);
    const wall = find("#wall-clock");
    if (wall) wall.textContent = time(now);
  }

  private refreshAges(): void {
    const now = new Date();
    for (const at of document.querySelectorAll<HTMLTimeElement>("td.age time, .headline-age time, .attention-age time")) {
      if (at.dateTime) at.textContent = age(new Date(at.dateTime), now, this.config.words.age);
    }
  }

  private async fetchInto(selector: string, address: string): Promise<void> {
    const response = await fetch(address).catch(() => null);
    const room = find(selector);
    if (response?.ok && room) room.innerHTML = await response.text();
  }

  // Keys

  private listenToKeys(): void {
    document.addEventListener("keydown", (event) => {
      const target = event.target as HTMLElement;
      if (target.matches("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
      const views: Record<string, State["view"]> = { "1": "map", "2": "split", "3": "list" };
      const view = views[event.key];
      if (view && !this.config.isWall) this.look(view);
      else if (event.key === "j" || event.key === "k") this.step(event.key === "j" ? 1 : -1);
      else if (event.key === "Escape" && this.state.picked) this.pick(null, null);
    });
  }

  private step(by: number): void {
    const rows = [...this.list.querySelectorAll<HTMLTableRowElement>("tr[data-eid]")];
    if (rows.length === 0) return;
    const here = rows.findIndex((row) => row.dataset["eid"] === this.state.picked);
    const next = rows[Math.max(0, Math.min(rows.length - 1, here + by))];
    next?.scrollIntoView({ block: "nearest" });
    next?.querySelector("a")?.focus({ preventScroll: true });
    if (next) this.pick(next.dataset["eid"] ?? null, null);
  }
}

/** `writeAddress` drops the page number, which stays when only rows were fetched. */
function writeAddressKeepingPage(state: State): void {
  const page = new URLSearchParams(location.search).get("page");
  writeAddress(state, false);
  if (!page) return;
  const here = new URL(location.href);
  here.searchParams.set("page", page);
  history.replaceState(null, "", here);
}
