// What changes while one watches. From the zoom level where points stand alone, changed points are drawn by a layer of
// their own, so that a moving bus costs no tile; from farther away the touched tiles are fetched again, not too often.
import type { GeoJSONSource, Map as MapLibre } from "maplibre-gl";
import type { Config, Item } from "../config.ts";
import { LIVE, sourceOf } from "./data.ts";

const MOST = 5_000;
const REFETCH_AFTER = 4_000;

interface Drawn {
  item: Item;
  at: [number, number];
}

export class LiveLayer {
  private readonly drawn = new Map<string, Drawn>();
  private readonly touched = new Map<string, Set<string>>();
  private isWaiting = false;
  private refetchTimer = 0;

  constructor(
    private readonly map: MapLibre,
    private readonly config: Config,
  ) {}

  apply(items: Item[]): void {
    for (const item of items) {
      const layer = this.config.layers.find((l) => l.id === item.layer);
      if (!layer) continue;
      const state = { source: sourceOf(layer.id), sourceLayer: layer.id, id: item.eid };
      if (layer.shape !== "point") {
        if (item.gone) this.touch(layer.id, null);
        else if (item.c !== undefined) this.map.setFeatureState(state, { c: item.c });
        continue;
      }
      const key = `${item.layer}\n${item.eid}`;
      const before = this.drawn.get(key);
      if (before) this.touch(layer.id, before.at);
      if (item.gone || item.lon === undefined || item.lat === undefined) {
        this.drawn.delete(key);
        this.map.setFeatureState(state, { live: true });
        continue;
      }
      this.drawn.set(key, { item, at: [item.lon, item.lat] });
      this.map.setFeatureState(state, { live: true });
      this.touch(layer.id, [item.lon, item.lat]);
    }
    if (this.drawn.size > MOST) this.reset();
    this.redraw();
  }

  /** Forgets what was drawn live and fetches every tile again. */
  reset(): void {
    this.drawn.clear();
    for (const layer of this.config.layers) {
      const source = sourceOf(layer.id);
      if (!this.map.getSource(source)) continue;
      this.map.removeFeatureState({ source, sourceLayer: layer.id });
      this.map.refreshTiles(source);
    }
    this.redraw();
  }

  /** After a change of style: states and data are gone and are put back. */
  restore(): void {
    for (const { item } of this.drawn.values()) {
      this.map.setFeatureState(
        { source: sourceOf(item.layer), sourceLayer: item.layer, id: item.eid },
        { live: true },
      );
    }
    this.redraw();
  }

  private touch(layer: string, at: [number, number] | null): void {
    const tiles = this.touched.get(layer) ?? new Set<string>();
    this.touched.set(layer, tiles);
    const z = Math.max(0, Math.floor(this.map.getZoom()));
    tiles.add(at ? tileAt(at, z) : "all");
    if (!this.refetchTimer) this.refetchTimer = window.setTimeout(() => this.refetch(), REFETCH_AFTER);
  }

  private refetch(): void {
    this.refetchTimer = 0;
    const isFar = this.map.getZoom() < this.config.valuesFromZoom;
    for (const [layer, tiles] of this.touched) {
      const source = sourceOf(layer);
      if (!this.map.getSource(source)) continue;
      if (tiles.has("all")) this.map.refreshTiles(source);
      else if (isFar) this.map.refreshTiles(source, [...tiles].map(parse));
    }
    this.touched.clear();
  }

  private redraw(): void {
    if (this.isWaiting) return;
    this.isWaiting = true;
    requestAnimationFrame(() => {
      this.isWaiting = false;
      const features = [...this.drawn.values()].map(({ item, at }) => ({
        type: "Feature" as const,
        geometry: { type: "Point" as const, coordinates: at },
        properties: { ...item },
      }));
      this.map.getSource<GeoJSONSource>(LIVE)?.setData({ type: "FeatureCollection", features });
    });
  }
}

function tileAt([lon, lat]: [number, number], z: number): string {
  const across = 2 ** z;
  const sine = Math.sin((lat * Math.PI) / 180);
  const x = Math.floor(((lon + 180) / 360) * across);
  const y = Math.floor((0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * across);
  return `${z}/${x}/${y}`;
}

function parse(tile: string): { z: number; x: number; y: number } {
  const [z = 0, x = 0, y = 0] = tile.split("/").map(Number);
  return { z, x, y };
}
