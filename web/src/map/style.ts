// The ground: land, water, communes and names, from our own tiles in the design's colours.
import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";
import { token } from "../colours.ts";
import { lang } from "../format.ts";

/** Letters come from the page's own fonts, so no glyph file is fetched. */
export const FONT = ["Be Vietnam Pro"];
export const FONT_MEDIUM = ["Be Vietnam Pro Medium"];

export async function loadFonts(): Promise<void> {
  const sample = "aĐạữ0";
  const wanted = ["400 24px 'Be Vietnam Pro'", "500 24px 'Be Vietnam Pro Medium'"];
  await Promise.all(wanted.map((font) => document.fonts.load(font, sample)));
}

const name: ExpressionSpecification =
  lang === "en" ? ["coalesce", ["get", "name_en"], ["get", "name"]] : ["get", "name"];

export function groundStyle(): StyleSpecification {
  return {
    version: 8,
    sources: {
      ground: { type: "vector", tiles: [`${location.origin}/basemap/{z}/{x}/{y}`], minzoom: 0, maxzoom: 12 },
    },
    layers: [...ground(), ...names()],
  };
}

function ground(): LayerSpecification[] {
  const water = token("water");
  const edge = token("water-line");
  const wide: ExpressionSpecification = ["interpolate", ["exponential", 1.5], ["zoom"], 6, 0.6, 10, 1.4, 14, 5];
  return [
    { id: "sea", type: "background", paint: { "background-color": water } },
    { id: "land", type: "fill", source: "ground", "source-layer": "land", paint: { "fill-color": token("land") } },
    {
      id: "coast",
      type: "line",
      source: "ground",
      "source-layer": "land",
      paint: { "line-color": edge, "line-width": ["interpolate", ["linear"], ["zoom"], 6, 0.5, 12, 1.2] },
    },
    { id: "water", type: "fill", source: "ground", "source-layer": "water", paint: { "fill-color": water } },
    { id: "lakes", type: "fill", source: "ground", "source-layer": "lakes", paint: { "fill-color": water } },
    {
      id: "rivers",
      type: "line",
      source: "ground",
      "source-layer": "rivers",
      layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": edge, "line-width": wide },
    },
    {
      id: "islands",
      type: "fill",
      source: "ground",
      "source-layer": "islands",
      filter: ["==", ["get", "kind"], "island"],
      paint: { "fill-color": token("land"), "fill-outline-color": edge },
    },
    {
      id: "islets",
      type: "circle",
      source: "ground",
      "source-layer": "islands",
      filter: ["==", ["get", "kind"], "islet"],
      paint: { "circle-color": token("land"), "circle-stroke-color": edge, "circle-stroke-width": 1, "circle-radius": 2 },
    },
  ];
}

// The great cities by which people find their way are named above all signs; they are few.
const GREAT: ExpressionSpecification = ["<=", ["coalesce", ["get", "rank"], 9], 2];

/** Names that nothing may cover, to be added after everything else. */
export function greatNames(): LayerSpecification {
  return {
    id: "great-names",
    type: "symbol",
    source: "ground",
    "source-layer": "places",
    filter: GREAT,
    layout: {
      "text-field": name,
      "text-font": FONT_MEDIUM,
      "text-size": ["interpolate", ["linear"], ["zoom"], 5, 12, 12, 18],
      "text-variable-anchor": ["bottom-left", "bottom-right", "top-right", "top-left"],
      "text-radial-offset": 1.1,
      "text-padding": 2,
    },
    paint: { "text-color": token("ink"), "text-halo-color": token("land"), "text-halo-width": 1.8 },
  };
}

function names(): LayerSpecification[] {
  const halo = { "text-halo-color": token("land"), "text-halo-width": 1.4 };
  return [
    {
      id: "places",
      type: "symbol",
      source: "ground",
      "source-layer": "places",
      filter: ["!", GREAT],
      layout: {
        "text-field": name,
        "text-font": ["step", ["coalesce", ["get", "rank"], 9], ["literal", FONT_MEDIUM], 5, ["literal", FONT]],
        "text-size": [
          "interpolate", ["linear"], ["zoom"],
          5, ["step", ["coalesce", ["get", "rank"], 9], 12, 4, 10],
          12, ["step", ["coalesce", ["get", "rank"], 9], 18, 4, 14, 7, 12],
        ],
        "symbol-sort-key": ["coalesce", ["get", "rank"], 9],
        "text-max-width": 8,
        "text-padding": 6,
        // Where a sign stands on a town, its name moves aside rather than vanish.
        "text-variable-anchor": ["center", "top", "bottom", "left", "right"],
        "text-radial-offset": 0.8,
      },
      paint: { "text-color": token("quiet"), ...halo },
    },
    {
      id: "sea-names",
      type: "symbol",
      source: "ground",
      "source-layer": "islands",
      filter: ["==", ["get", "kind"], "sea"],
      layout: {
        "text-field": name,
        "text-font": FONT,
        "text-size": ["interpolate", ["linear"], ["zoom"], 4, 12, 8, 18],
        "text-letter-spacing": 0.12,
        "text-max-width": 7,
      },
      paint: { "text-color": token("river"), "text-opacity": 0.75, "text-halo-color": token("water"), "text-halo-width": 1 },
    },
    {
      id: "islet-names",
      type: "symbol",
      source: "ground",
      "source-layer": "islands",
      filter: ["==", ["get", "kind"], "islet"],
      layout: { "text-field": name, "text-font": FONT, "text-size": 11, "text-max-width": 8, "text-offset": [0, 0.9] },
      paint: { "text-color": token("ink"), "text-halo-color": token("water"), "text-halo-width": 1.4 },
    },
    // The archipelagos of Việt Nam: named on every map of the country, whatever else stands there.
    {
      id: "archipelago-names",
      type: "symbol",
      source: "ground",
      "source-layer": "islands",
      filter: ["==", ["get", "kind"], "archipelago"],
      layout: {
        "text-field": name,
        "text-font": FONT_MEDIUM,
        "text-size": ["interpolate", ["linear"], ["zoom"], 3, 10, 8, 15],
        "text-max-width": 9,
        "text-allow-overlap": true,
        "text-ignore-placement": true,
      },
      paint: { "text-color": token("ink"), "text-halo-color": token("water"), "text-halo-width": 1.6 },
    },
  ];
}
