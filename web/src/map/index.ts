// The map of the operations page. Loaded only when it is seen.
import maplibregl, { type GeoJSONSource, type LngLatLike, type Map as MapLibre, type MapMouseEvent } from "maplibre-gl";
import { onThemeChange } from "../colours.ts";
import type { Config, Item, Layer } from "../config.ts";
import { age, number, withUnit } from "../format.ts";
import { addData, drawnBy, PICKED, sourceOf } from "./data.ts";
import { LiveLayer } from "./live.ts";
import { drawSignsFor } from "./signs.ts";
import { groundStyle, loadFonts } from "./style.ts";

/** Room left around the province when all of it is shown. */
const HOME = { padding: 20, animate: false };

export interface Place {
  lon: number;
  lat: number;
  zoom: number;
}

export interface Hands {
  /** Somebody points at an entity. */
  pick(eid: string): void;
  /** The map has come to rest; no place is told as long as it shows the whole province. */
  moved(place: Place | null, bounds: [number, number, number, number]): void;
}

export async function openMap(room: HTMLElement, config: Config, start: Place | null, hands: Hands): Promise<OpsMap> {
  maplibregl.setWorkerUrl(config.workerUrl);
  await loadFonts();
  const { words } = config;
  const map = new maplibregl.Map({
    container: room,
    style: groundStyle(),
    ...(start
      ? { center: [start.lon, start.lat] as [number, number], zoom: start.zoom }
      : { bounds: config.bounds, fitBoundsOptions: HOME }),
    minZoom: 3,
    maxZoom: 18,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    renderWorldCopies: false,
    fadeDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
    locale: {
      "NavigationControl.ZoomIn": words.zoomIn,
      "NavigationControl.ZoomOut": words.zoomOut,
      "Map.Title": words.map,
    },
  });
  map.touchZoomRotate.disableRotation();
  if (!config.isWall) {
    map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
    map.addControl(new HomeControl(config), "top-right");
  }
  map.addControl(new maplibregl.ScaleControl({ maxWidth: 120, unit: "metric" }), "bottom-left");
  drawSignsFor(map, config);
  // The map's own element may be given the focus by the page; its keys are those of the canvas in it.
  room.addEventListener("focus", () => map.getCanvas().focus());
  await new Promise<void>((done) => map.once("style.load", () => done()));
  return new OpsMap(map, config, hands, start === null);
}

/** A button that shows the whole province. */
class HomeControl {
  private readonly group = document.createElement("div");

  constructor(private readonly config: Config) {}

  onAdd(map: MapLibre): HTMLElement {
    this.group.className = "maplibregl-ctrl maplibregl-ctrl-group";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "home-control";
    button.title = this.config.words.toProvince;
    button.setAttribute("aria-label", this.config.words.toProvince);
    button.addEventListener("click", () => map.fitBounds(this.config.bounds, { ...HOME, animate: true }, { isHome: true }));
    this.group.append(button);
    return this.group;
  }

  onRemove(): void {
    this.group.remove();
  }
}

export class OpsMap {
  private readonly live: LiveLayer;
  private readonly tip = document.createElement("div");
  private shown = new Set<string>();
  private picked: { eid: string; layer: string | null; at: [number, number] | null } | null = null;

  constructor(
    private readonly map: MapLibre,
    private readonly config: Config,
    private readonly hands: Hands,
    /** The whole province is shown, and nobody has looked elsewhere yet. */
    private isHome: boolean,
  ) {
    this.live = new LiveLayer(map, config);
    this.tip.className = "tip";
    this.tip.hidden = true;
    map.getContainer().append(this.tip);
    this.dress();
    map.on("moveend", () => this.tellMoved());
    // A map whose room changes keeps showing the province until somebody looks elsewhere.
    map.on("resize", () => {
      if (this.isHome) map.fitBounds(config.bounds, HOME);
    });
    map.on("movestart", (event) => {
      if ("isHome" in event) this.isHome = true;
      else if (event.originalEvent) this.isHome = false;
    });
    map.on("click", (event) => this.click(event));
    map.on("mousemove", (event) => this.hover(event));
    map.on("mouseout", () => (this.tip.hidden = true));
    onThemeChange(() => {
      map.once("style.load", () => this.dress());
      map.setStyle(groundStyle(), { diff: false });
    });
  }

  /** Puts the data on a fresh style. */
  private dress(): void {
    addData(this.map, this.config);
    this.show(this.shown);
    this.live.restore();
    this.drawPicked();
  }

  show(ids: Set<string>): void {
    this.shown = ids;
    for (const layer of this.config.layers) {
      const visibility = ids.has(layer.id) ? "visible" : "none";
      for (const id of drawnBy(layer)) {
        if (this.map.getLayer(id)) this.map.setLayoutProperty(id, "visibility", visibility);
      }
    }
  }

  apply(items: Item[]): void {
    this.live.apply(items);
    const moved = items.find((item) => item.eid === this.picked?.eid && item.lon !== undefined);
    if (moved && this.picked) {
      this.picked.at = [moved.lon ?? 0, moved.lat ?? 0];
      this.drawPicked();
    }
  }

  reset(): void {
    this.live.reset();
  }

  resize(): void {
    this.map.resize();
  }

  bounds(): [number, number, number, number] {
    const box = this.map.getBounds();
    return [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()];
  }

  /** Marks an entity, and brings it into view if it is out of sight. */
  pick(eid: string | null, layer: string | null, at: [number, number] | null): void {
    this.markShape(false);
    this.picked = eid ? { eid, layer, at } : null;
    this.markShape(true);
    this.drawPicked();
    if (at && !this.map.getBounds().contains(at)) {
      this.lookAt(at, Math.max(this.map.getZoom(), this.config.valuesFromZoom));
    }
  }

  goTo(at: [number, number]): void {
    this.lookAt(at, Math.max(this.map.getZoom(), 13));
  }

  private lookAt(center: LngLatLike, zoom: number): void {
    this.isHome = false;
    this.map.easeTo({ center, zoom });
  }

  private markShape(picked: boolean): void {
    const layer = this.picked?.layer;
    if (this.picked && layer && this.map.getSource(sourceOf(layer))) {
      this.map.setFeatureState({ source: sourceOf(layer), sourceLayer: layer, id: this.picked.eid }, { picked });
    }
  }

  private drawPicked(): void {
    const at = this.picked?.at;
    const layer = this.config.layers.find((l) => l.id === this.picked?.layer);
    const isPoint = at && (!layer || layer.shape === "point");
    const features = isPoint
      ? [{ type: "Feature" as const, geometry: { type: "Point" as const, coordinates: at }, properties: {} }]
      : [];
    this.map.getSource<GeoJSONSource>(PICKED)?.setData({ type: "FeatureCollection", features });
  }

  private tellMoved(): void {
    const { lng, lat } = this.map.getCenter();
    this.hands.moved(this.isHome ? null : { lon: lng, lat, zoom: this.map.getZoom() }, this.bounds());
  }

  private under(event: MapMouseEvent): { layer: Layer; properties: Record<string, unknown> } | null {
    const { x, y } = event.point;
    const ids = this.config.layers.filter((l) => this.shown.has(l.id)).flatMap(drawnBy);
    const known = ids.filter((id) => this.map.getLayer(id));
    const found = this.map.queryRenderedFeatures([[x - 6, y - 6], [x + 6, y + 6]], { layers: known });
    for (const feature of found) {
      const id = feature.source === "live" ? String(feature.properties["layer"]) : feature.sourceLayer;
      const layer = this.config.layers.find((l) => l.id === id);
      if (layer && !(feature.source !== "live" && feature.state["live"])) return { layer, properties: feature.properties };
    }
    return null;
  }

  private click(event: MapMouseEvent): void {
    const found = this.under(event);
    if (!found) return;
    if (found.properties["n"] !== undefined) {
      this.lookAt(event.lngLat, this.map.getZoom() + 2);
    } else {
      this.hands.pick(String(found.properties["eid"]));
    }
  }

  private hover(event: MapMouseEvent): void {
    const found = this.under(event);
    this.map.getCanvas().style.cursor = found ? "pointer" : "";
    // Areas are everywhere under the pointer: their names stand on the map already.
    this.tip.hidden = !found || (found.layer.shape === "polygon" && !found.layer.value);
    if (!found || this.tip.hidden) return;
    const name = document.createElement("strong");
    const { words } = this.config;
    const { layer, properties } = found;
    if (properties["n"] !== undefined) {
      name.textContent = layer.title;
      const count = document.createElement("div");
      count.className = "quiet";
      count.textContent = words.cluster.replace("{count}", number(Number(properties["n"]), 0));
      const worst = layer.value && layer.classes.length > 1 ? layer.classes[Number(properties["c"] ?? -1)] : undefined;
      const most = document.createElement("div");
      most.textContent = worst ? words.clusterClass.replace("{class}", worst.title) : "";
      this.tip.replaceChildren(name, ...(worst ? [most] : []), count);
    } else {
      name.textContent = String(properties["name"] ?? properties["eid"]);
      this.tip.replaceChildren(name, ...this.told(layer, properties));
    }
    const room = this.map.getContainer();
    const left = Math.min(event.point.x + 14, room.clientWidth - this.tip.offsetWidth - 8);
    const top = Math.min(event.point.y + 14, room.clientHeight - this.tip.offsetHeight - 8);
    this.tip.style.translate = `${left}px ${top}px`;
  }

  private told(layer: Layer, properties: Record<string, unknown>): HTMLElement[] {
    const { words } = this.config;
    const lines: HTMLElement[] = [];
    const say = (text: string, className: string) => {
      const line = document.createElement("div");
      line.className = className;
      line.textContent = text;
      lines.push(line);
    };
    const found = layer.classes[Number(properties["c"] ?? -1)];
    if (layer.value) {
      const value = properties["v"];
      const text = typeof value === "number" ? withUnit(number(value, layer.value.digits), layer.value.unit) : String(properties["t"] ?? words.noValue);
      say(found ? `${text} · ${found.title}` : text, "num");
    } else if (found) {
      say(found.title, "quiet");
    }
    const marks = [
      typeof properties["at"] === "string" ? age(new Date(properties["at"]), new Date(), words.age) : "",
      properties["stale"] === 1 ? words.stale : "",
      properties["replay"] === 1 ? words.replayed : "",
    ].filter(Boolean);
    if (marks.length > 0) say(marks.join(" · "), "quiet");
    return lines;
  }
}
