// Rows of the list that change while one watches.
import type { Config, Item } from "./config.ts";
import { age, dateTime, number, withUnit } from "./format.ts";

/** An item's value with its unit, or the words for none. */
export function valueText(config: Config, item: Item): string {
  const layer = config.layers.find((l) => l.id === item.layer);
  if (item.v !== undefined) return withUnit(number(item.v, layer?.value?.digits), layer?.value?.unit);
  return item.t ?? config.words.noValue;
}

/** Puts what has changed into the entity's row; false if it has none. */
export function updateRow(list: HTMLElement, config: Config, item: Item): boolean {
  const rows = [...list.querySelectorAll<HTMLTableRowElement>("tr[data-eid]")];
  const row = rows.find((r) => r.dataset["eid"] === item.eid && r.dataset["layer"] === item.layer);
  if (!row) return false;
  if (item.gone) {
    row.remove();
    return true;
  }
  const layer = config.layers.find((l) => l.id === item.layer);
  const value = row.querySelector("td.value");
  const text = valueText(config, item);
  if (value && layer?.value && value.textContent !== text) {
    value.textContent = text;
    row.classList.remove("fresh");
    // Asking for the width ends the old animation, so that the new one is seen.
    void row.offsetWidth;
    row.classList.add("fresh");
  }
  const found = layer?.classes[item.c ?? -1];
  const titled = row.querySelector("td.class")?.firstChild;
  if (found && titled?.nodeType === Node.TEXT_NODE) titled.textContent = `${found.title} `;
  const sign = row.querySelector(".sign");
  if (sign && layer) {
    sign.setAttribute("class", `sign c-${layer.id}-${item.c ?? "none"}${item.stale ? " stale" : ""}`);
    const outline = config.signs[found?.sign ?? layer.sign];
    if (outline && layer.shape === "point") sign.querySelector("path")?.setAttribute("d", outline);
  }
  updateAge(row, config, item);
  return true;
}

function updateAge(row: HTMLElement, config: Config, item: Item): void {
  const cell = row.querySelector("td.age");
  if (!cell || !item.at) return;
  let at = cell.querySelector("time");
  if (!at) {
    at = document.createElement("time");
    cell.replaceChildren(at);
  }
  at.dateTime = item.at;
  at.title = dateTime(new Date(item.at));
  at.textContent = age(new Date(item.at), new Date(), config.words.age);
}
