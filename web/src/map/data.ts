// The layers of the graph on the map: one source of tiles each, and one source for what changes live.
import type {
  ExpressionSpecification,
  FilterSpecification,
  LayerSpecification,
  Map as MapLibre,
  SymbolLayerSpecification,
} from "maplibre-gl";
import { colourOf, token } from "../colours.ts";
import type { Config, Layer } from "../config.ts";
import { lang } from "../format.ts";
import { signExpression } from "./signs.ts";
import { FONT, FONT_MEDIUM, greatNames } from "./style.ts";

export const LIVE = "live";
export const PICKED = "picked";
export const sourceOf = (layer: string): string => `layer-${layer}`;

/** Deepest zoom level for which tiles are asked. */
const MAX_ZOOM = 14;

type Expression = ExpressionSpecification;

/** Areas lie below lines, lines below places, and what was measured just now lies above all. */
const height = (layer: Layer): number =>
  layer.shape === "polygon" ? 0 : layer.shape === "line" ? 1 : layer.isMeasured ? 3 : 2;

/** Adds sources and layers to a map whose style has just been set. */
export function addData(map: MapLibre, config: Config): void {
  const empty = { type: "FeatureCollection" as const, features: [] };
  map.addSource(LIVE, { type: "geojson", data: empty });
  map.addSource(PICKED, { type: "geojson", data: empty });
  const layers = [...config.layers].reverse().sort((a, b) => height(a) - height(b));
  for (const layer of layers) {
    map.addSource(sourceOf(layer.id), {
      type: "vector",
      tiles: [`${location.origin}${layer.tiles}`],
      minzoom: Math.min(layer.minZoom, MAX_ZOOM),
      maxzoom: MAX_ZOOM,
      promoteId: { [layer.id]: "eid" },
    });
    for (const spec of specs(layer, config)) {
      map.addLayer(spec, layer.shape === "point" ? undefined : "places");
    }
  }
  map.addLayer(greatNames());
  map.addLayer({
    id: PICKED,
    type: "circle",
    source: PICKED,
    paint: {
      "circle-radius": 15,
      "circle-color": "rgba(0, 0, 0, 0)",
      "circle-stroke-color": token("lacquer"),
      "circle-stroke-width": 3,
    },
  });
}

/** Names of the map's layers that draw `layer`. */
export const drawnBy = (layer: Layer): string[] =>
  layer.shape === "point"
    ? [`${layer.id}-points`, `${layer.id}-live`, `${layer.id}-clusters`]
    : layer.shape === "line"
      ? [`${layer.id}-lines`]
      : [`${layer.id}-areas`, `${layer.id}-outlines`, `${layer.id}-names`];

function specs(layer: Layer, config: Config): LayerSpecification[] {
  if (layer.shape === "point") return [clusters(layer, config), ...points(layer, config)];
  return layer.shape === "line" ? lines(layer) : areas(layer);
}

function classColour(layer: Layer, c: Expression): Expression | string {
  if (layer.classes.length === 0) return colourOf(layer);
  const pairs = layer.classes.flatMap((found, index) => [index, colourOf(found)]);
  return ["match", c, ...pairs, token("quiet")] as unknown as Expression;
}

/** How large signs are, by zoom level. Places are many and change seldom: from afar they are smaller than gauges. */
function signSize(layer: Layer, config: Config): Expression {
  const stops = layer.isMeasured ? [6, 0.72, 11, 1] : [7, 0.58, 10, 0.7, 13, 1];
  const scale = config.isWall ? 1.5 : 1;
  const scaled = stops.map((stop, index) => (index % 2 === 1 ? stop * scale : stop));
  return ["interpolate", ["linear"], ["zoom"], ...scaled] as unknown as Expression;
}

type Side = { towards: [number, number]; anchor: "left" | "right" | "top" | "bottom" };
const SIDES: Side[] = [
  { towards: [-1, 0], anchor: "right" },
  { towards: [1, 0], anchor: "left" },
  { towards: [0, -1], anchor: "bottom" },
  { towards: [0, 1], anchor: "top" },
];

/**
 * On which side of its place a sign stands. The same site is often in several layers, a temple that is visited for one:
 * from afar each layer of places keeps to its own side, so that none hides another.
 */
function sideOf(layer: Layer, config: Config): Side | null {
  const places = config.layers.filter((other) => other.shape === "point" && !other.isMeasured);
  return SIDES[places.indexOf(layer) % SIDES.length] ?? null;
}

function signOffset(layer: Layer, config: Config): Expression | [number, number] {
  const side = sideOf(layer, config);
  if (!side) return [0, 0];
  const aside = side.towards.map((part) => part * 13);
  return ["interpolate", ["linear"], ["zoom"], 11, ["literal", aside], 15, ["literal", [0, 0]]] as unknown as Expression;
}

function points(layer: Layer, config: Config): LayerSpecification[] {
  const digits = layer.value?.digits ?? null;
  const format: Record<string, unknown> = { locale: lang === "vi" ? "vi-VN" : "en-US" };
  if (digits !== null) Object.assign(format, { "min-fraction-digits": digits, "max-fraction-digits": digits });
  const value = ["case", ["has", "v"], ["number-format", ["get", "v"], format], ""];
  const both = ["case", ["has", "v"], ["concat", value, "\n", ["get", "name"]], ["get", "name"]];
  type From = Pick<SymbolLayerSpecification, "source" | "source-layer" | "minzoom">;
  const drawn = (
    id: string,
    from: From,
    filter: FilterSpecification,
    opacity: Expression | number,
  ): SymbolLayerSpecification => ({
    id,
    type: "symbol" as const,
    ...from,
    filter,
    layout: {
      "icon-image": signExpression(layer.id) as unknown as string,
      "icon-allow-overlap": true,
      "icon-size": signSize(layer, config) as unknown as number,
      "icon-offset": signOffset(layer, config) as unknown as [number, number],
      "symbol-sort-key": ["coalesce", ["get", "v"], 0] as unknown as number,
      "text-field": ["step", ["zoom"], "", config.valuesFromZoom, value, 13, both] as unknown as string,
      "text-font": FONT_MEDIUM,
      "text-size": config.isWall ? 16 : 12,
      "text-offset": [0, 1] as [number, number],
      "text-anchor": "top" as const,
      "text-optional": true,
      "text-max-width": 9,
    },
    paint: {
      "text-color": token("ink"),
      "text-halo-color": token("land"),
      "text-halo-width": 1.5,
      "icon-opacity": opacity as number,
      "text-opacity": opacity as number,
    },
  });
  // A point that has changed since its tile was made is drawn by the live layer instead, where there is one.
  const isLive: Expression = ["boolean", ["feature-state", "live"], false];
  const unchanged: Expression = ["step", ["zoom"], 1, config.valuesFromZoom, ["case", isLive, 0, 1]];
  const tiles = { source: sourceOf(layer.id), "source-layer": layer.id };
  return [
    drawn(`${layer.id}-points`, tiles, ["!", ["has", "n"]], unchanged),
    drawn(
      `${layer.id}-live`,
      { source: LIVE, minzoom: Math.max(config.valuesFromZoom, layer.minZoom) },
      ["==", ["get", "layer"], layer.id],
      1,
    ),
  ];
}

// A cluster carries the sign of the class in it that matters most, with a count. Crowds of gauges grow with their count;
// those of places stay small.
function clusters(layer: Layer, config: Config): LayerSpecification {
  const grown = ["interpolate", ["linear"], ["log10", ["get", "n"]], 0.3, 0.95, 2, 1.35, 4, 1.8];
  const scale = config.isWall ? 1.5 : 1;
  const size = layer.isMeasured ? ["*", scale, grown] : signSize(layer, config);
  const side = sideOf(layer, config);
  const text = layer.isMeasured ? ["interpolate", ["linear"], ["log10", ["get", "n"]], 0.3, 11, 3, 14] : 10;
  return {
    id: `${layer.id}-clusters`,
    type: "symbol",
    source: sourceOf(layer.id),
    "source-layer": layer.id,
    filter: ["has", "n"] as FilterSpecification,
    layout: {
      "icon-image": signExpression(layer.id) as unknown as string,
      "icon-size": size as unknown as number,
      "icon-offset": signOffset(layer, config) as unknown as [number, number],
      "icon-allow-overlap": true,
      "text-field": ["number-format", ["get", "n"], { locale: lang === "vi" ? "vi-VN" : "en-US" }],
      "text-font": FONT_MEDIUM,
      "text-size": (config.isWall ? 18 : text) as unknown as number,
      // The count stands where there is room for it; on top of another it would tell of neither.
      "text-variable-anchor": side ? [side.anchor] : ["left", "right", "bottom", "top"],
      "text-radial-offset": side ? 1.4 : 0.85,
      "text-padding": 0,
      "text-optional": true,
      "symbol-sort-key": ["get", "n"] as unknown as number,
    },
    paint: {
      "text-color": token(layer.isMeasured ? "ink" : "quiet"),
      "text-halo-color": token("land"),
      "text-halo-width": 1.8,
    },
  };
}

function lines(layer: Layer): LayerSpecification[] {
  const c: Expression = ["coalesce", ["feature-state", "c"], ["get", "c"], -1];
  const picked: Expression = ["case", ["boolean", ["feature-state", "picked"], false], 2.2, 1];
  const width = ["interpolate", ["linear"], ["zoom"], 6, ["*", picked, 1.2], 14, ["*", picked, 3.5]];
  return [
    {
      id: `${layer.id}-lines`,
      type: "line",
      source: sourceOf(layer.id),
      "source-layer": layer.id,
      layout: { "line-cap": "round", "line-join": "round" },
      paint: {
        "line-color": classColour(layer, c),
        "line-width": width as unknown as number,
        "line-opacity": ["case", ["==", ["get", "stale"], 1], 0.5, 0.9],
      },
    },
  ];
}

function areas(layer: Layer): LayerSpecification[] {
  const tiles = { source: sourceOf(layer.id), "source-layer": layer.id };
  const c: Expression = ["coalesce", ["feature-state", "c"], ["get", "c"], -1];
  // Areas without a value are ground, not data: thin outlines and the faintest tint.
  const tint = layer.value ? 0.35 : 0.04;
  const picked: Expression = ["boolean", ["feature-state", "picked"], false];
  return [
    {
      id: `${layer.id}-areas`,
      type: "fill",
      ...tiles,
      paint: {
        "fill-color": classColour(layer, c),
        "fill-opacity": ["case", picked, Math.max(0.2, tint), tint],
      },
    },
    {
      id: `${layer.id}-outlines`,
      type: "line",
      ...tiles,
      paint: {
        "line-color": layer.value ? classColour(layer, c) : token("boundary"),
        "line-width": ["case", picked, 3, 1],
      },
    },
    {
      id: `${layer.id}-names`,
      type: "symbol",
      ...tiles,
      filter: ["has", "label"],
      minzoom: 10,
      layout: {
        "text-field": ["get", "name"],
        "text-font": FONT,
        "text-size": 11,
        "text-max-width": 7,
        "text-padding": 12,
      },
      paint: { "text-color": token("quiet"), "text-halo-color": token("land"), "text-halo-width": 1.2 },
    },
  ];
}
