// Every desk page: search, appearance, charts; the operations page: the stage.
import { readConfig } from "./config.ts";
import { startSearch } from "./search.ts";
import { Stage } from "./stage.ts";
import { startTheme } from "./theme.ts";

const tenant = document.documentElement.dataset["tenant"] ?? "";
const config = readConfig();

startTheme();
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
const followed = document.querySelector<HTMLElement>("[data-follow][data-stage]");
if (followed) {
  void import("./follow.ts").then(({ follow }) => follow(followed));
}
