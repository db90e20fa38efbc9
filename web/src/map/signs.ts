// The signs of the map, drawn when first needed: `<layer>|<class>|<marks>`.
import type { Map as MapLibre } from "maplibre-gl";
import { colourOf, token } from "../colours.ts";
import type { Config } from "../config.ts";

const RATIO = 2;
const SIZE = 26;
const BOX = 20;

export const signName = (layer: string, c: number | string, stale: boolean, replay: boolean): string =>
  `${layer}|${c}|${stale ? "s" : ""}${replay ? "r" : ""}`;

/** The same name as an expression over a feature's properties. */
export function signExpression(layer: string): unknown[] {
  return [
    "concat",
    `${layer}|`,
    ["to-string", ["coalesce", ["get", "c"], "x"]],
    "|",
    ["case", ["==", ["get", "stale"], 1], "s", ""],
    ["case", ["==", ["get", "replay"], 1], "r", ""],
  ];
}

export function drawSignsFor(map: MapLibre, config: Config): void {
  map.on("styleimagemissing", ({ id }) => {
    const [layerId, c, marks = ""] = id.split("|");
    const layer = config.layers.find((l) => l.id === layerId);
    if (!layer || map.hasImage(id)) return;
    const found = layer.classes[Number(c)];
    const outline = config.signs[found?.sign ?? layer.sign] ?? config.signs["circle"] ?? "";
    // Where classes have a meaning, what belongs to none of them must not borrow the colour of one.
    const colour = found ? colourOf(found) : layer.classes.length > 0 ? token("quiet") : colourOf(layer);
    const image = draw(outline, colour, marks.includes("s"), marks.includes("r"));
    if (image) map.addImage(id, image, { pixelRatio: RATIO });
  });
}

function draw(outline: string, colour: string, isStale: boolean, isReplay: boolean): ImageData | null {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE * RATIO;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (!pen) return null;
  const margin = (SIZE - BOX) / 2;
  pen.scale(RATIO, RATIO);
  pen.translate(margin, margin);
  pen.lineJoin = "round";
  const path = new Path2D(outline);
  // A rim in the colour of the ground sets the sign off from what lies under it.
  pen.strokeStyle = token("surface");
  pen.lineWidth = 4;
  pen.stroke(path);
  if (isStale) {
    pen.fillStyle = token("surface");
    pen.fill(path, "evenodd");
    pen.strokeStyle = colour;
    pen.lineWidth = 2.2;
    pen.stroke(path);
  } else {
    pen.fillStyle = colour;
    pen.fill(path, "evenodd");
  }
  if (isReplay) {
    pen.beginPath();
    pen.arc(17.5, 3.5, 3, 0, 2 * Math.PI);
    pen.fillStyle = token("gold");
    pen.strokeStyle = token("surface");
    pen.lineWidth = 2;
    pen.stroke();
    pen.fill();
  }
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}
