// What the server tells the islands of the operations page.
import type { AgeWords } from "./format.ts";

export interface Config {
  tenant: string;
  /** Longitude and latitude in degrees. */
  center: [number, number];
  /** West, south, east, north in degrees. */
  bounds: [number, number, number, number];
  zoom: number;
  layers: Layer[];
  /** Outline of each sign in a box of 20 by 20, by name. */
  signs: Record<string, string>;
  /** Zoom level from which points stand alone and show their values. */
  valuesFromZoom: number;
  /** Tells the tiles of one run of the program from those of another. */
  workerUrl: string;
  styleUrl: string;
  isWall: boolean;
  words: Words;
}

export interface Words {
  age: AgeWords;
  noValue: string;
  replayed: string;
  stale: string;
  cluster: string;
  clusterClass: string;
  changed: string;
  changes: string;
  zoomIn: string;
  zoomOut: string;
  toProvince: string;
  mapFailed: string;
  map: string;
}

export interface Layer {
  id: string;
  title: string;
  shape: "point" | "line" | "polygon";
  sign: string;
  /** Colours of the layer as a whole. */
  colour: string | null;
  dark: string | null;
  minZoom: number;
  /** Its values are measured again and again, so that they can grow old; places are not. */
  isMeasured: boolean;
  on: boolean;
  tiles: string;
  value: { unit: string; digits: number | null; name: string } | null;
  classes: Class[];
}

export interface Class {
  title: string;
  /** A token's name or #RRGGBB. */
  colour: string;
  dark: string;
  sign: string;
  level: number;
}

/** One changed entity, as the event stream tells it. */
export interface Item {
  eid: string;
  layer: string;
  name?: string;
  lon?: number;
  lat?: number;
  /** Number, or text in `t`. */
  v?: number;
  t?: string;
  /** Class. */
  c?: number;
  stale?: 0 | 1;
  replay?: 0 | 1;
  /** RFC 3339. */
  at?: string;
  /** The entity has left the layer. */
  gone?: 1;
}

export function readConfig(): Config | null {
  const text = document.getElementById("map")?.dataset["config"];
  return text && text.length > 2 ? (JSON.parse(text) as Config) : null;
}
