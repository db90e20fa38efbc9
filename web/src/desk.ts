// Every desk page: search, appearance, charts; the operations page: the stage.
import { readConfig } from "./config.ts";
import { startSearch } from "./search.ts";
import { Stage } from "./stage.ts";
import { startTheme } from "./theme.ts";

const tenant = document.documentElement.dataset["tenant"] ?? "";
const config = readConfig();

startTheme();
showPlace();
if (config) {
  const stage = new Stage(config);
  stage.start();
  startSearch(tenant, (eid, at) => stage.choose(eid, at));
} else {
  startSearch(tenant);
  if (document.querySelector("figure[data-chart]")) {
    void import("./chart.ts").then(({ drawCharts }) => drawCharts(document));
  }
}
for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
if (document.querySelector("form[data-passkey]")) {
  void import("./passkey.ts").then(({ startPasskeys }) => startPasskeys());
}
const checked = document.querySelector<HTMLFormElement>("form[data-check]");
if (checked) {
  void import("./check.ts").then(({ startCheck }) => startCheck(checked));
}
if (document.querySelector("button[data-copy]")) {
  void import("./explore.ts").then(({ startCopying, startQuery }) => {
    startCopying(document);
    const query = document.querySelector<HTMLFormElement>("form[data-query]");
    if (query) startQuery(query);
  });
}
const followed = document.querySelector<HTMLElement>("[data-follow][data-stage]");
if (followed) {
  void import("./follow.ts").then(({ follow }) => follow(followed));
}

/** Where somebody has more places than fit into the row, the one where they are is in sight. */
function showPlace(): void {
  const here = document.querySelector<HTMLElement>("header nav [aria-current]");
  const row = here?.closest("nav");
  if (!here || !row) return;
  const beyond = here.getBoundingClientRect().right - row.getBoundingClientRect().right;
  if (beyond > 0) row.scrollLeft += beyond;
}
