// The state of the operations page stands in its address, so that it can be sent to somebody.
export interface State {
  layers: string[];
  view: "map" | "split" | "list";
  picked: string | null;
  place: { lon: number; lat: number; zoom: number } | null;
}

export function readAddress(defaults: string[]): State {
  const query = new URLSearchParams(location.search);
  const chosen = query.has("layers") || query.has("chosen");
  const named = [...(query.get("layers")?.split(",") ?? []), ...query.getAll("layer")].filter(Boolean);
  const view = query.get("view");
  const [lon, lat, zoom] = ["lon", "lat", "z"].map((name) => Number(query.get(name) ?? NaN));
  const hasPlace = [lon, lat].every((v) => Number.isFinite(v));
  return {
    layers: chosen ? named : defaults,
    view: view === "map" || view === "list" ? view : "split",
    picked: query.get("sel"),
    place: hasPlace ? { lon: lon ?? 0, lat: lat ?? 0, zoom: Number.isFinite(zoom) ? (zoom ?? 12) : 12 } : null,
  };
}

/** Writes the state; what the island does not know (sorting, the wall) stays. */
export function writeAddress(state: State, asStep: boolean): void {
  const query = new URLSearchParams(location.search);
  for (const name of ["layer", "chosen", "page"]) query.delete(name);
  query.set("layers", state.layers.join(","));
  query.set("view", state.view);
  const put = (name: string, value: string | null) => (value === null ? query.delete(name) : query.set(name, value));
  put("sel", state.picked);
  put("lon", state.place ? state.place.lon.toFixed(5) : null);
  put("lat", state.place ? state.place.lat.toFixed(5) : null);
  put("z", state.place ? state.place.zoom.toFixed(2) : null);
  const address = `${location.pathname}?${query.toString().replaceAll("%2C", ",").replaceAll("%3A", ":")}`;
  if (asStep) history.pushState(null, "", address);
  else history.replaceState(null, "", address);
}
