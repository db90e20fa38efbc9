// Pages with a form: asks what is asked, works out numbers, and adds rows without loading the page anew. Without it the
// same buttons do the same by way of the server, which works out everything again in any case.
import { gather, settle, type Logic } from "./form/answers.ts";
import { written } from "./form/read.ts";

/** Shows what is asked and what comes of calculations. */
function refresh(form: HTMLFormElement): void {
  const logic = JSON.parse(form.dataset["logic"] ?? "[]") as Logic[];
  const verdicts = settle(gather(form), logic, form.dataset["today"] ?? "");
  for (const field of form.querySelectorAll<HTMLElement>("[data-field]")) {
    const verdict = verdicts.get(field.dataset["field"] ?? "");
    if (!verdict) continue;
    field.hidden = !verdict.visible;
    const optional = field.querySelector<HTMLElement>(":scope > :is(legend, label) > [data-optional]");
    if (optional && verdict.required !== null) optional.hidden = verdict.required;
    const output = field.querySelector("output");
    if (output && verdict.value !== undefined) {
      const money = output.dataset["money"] !== undefined ? "\u00a0đ" : "";
      output.textContent = typeof verdict.value === "number" ? written(verdict.value) + money : "–";
    }
  }
  for (const section of form.querySelectorAll<HTMLElement>("[data-section]")) {
    const fields = [...section.querySelectorAll<HTMLElement>(":scope > [data-field]")];
    section.hidden = fields.length > 0 && fields.every((field) => field.hidden);
  }
}

/** Asks the server for the form as it becomes by `wish`, and puts it in place; chosen files stay. */
async function swap(form: HTMLFormElement, wish: string, focus: string | undefined): Promise<void> {
  const body = new FormData(form);
  body.set("do", wish);
  form.setAttribute("aria-busy", "true");
  // Files stay in the page: they need not travel for a row.
  const plain = new URLSearchParams([...body].flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])));
  const response = await fetch(form.action || location.href, { method: "POST", body: plain });
  if (!response.ok) throw new Error(`status ${response.status}`);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.querySelector<HTMLFormElement>("form[data-form]");
  if (!fresh) throw new Error("no form");
  for (const input of form.querySelectorAll<HTMLInputElement>('input[type="file"][name]')) {
    if (input.files?.length) fresh.querySelector(`#${CSS.escape(input.id)}`)?.replaceWith(input);
  }
  form.replaceChildren(...document.adoptNode(fresh).childNodes);
  form.removeAttribute("aria-busy");
  start(form);
  const target = focus ? document.getElementById(focus) : null;
  const first = target?.matches("fieldset") ? target.querySelector<HTMLElement>("input, select, textarea") : target;
  (first ?? target)?.focus();
}

/** Falls back on the way without scripts if the server cannot be asked. */
function change(form: HTMLFormElement, wish: string, focus: string | undefined, button: HTMLButtonElement | null): void {
  swap(form, wish, focus).catch(() => {
    form.removeAttribute("aria-busy");
    if (button) {
      delete button.dataset["rows"];
      button.click();
    }
  });
}

/** A picture taken by the camera goes where chosen files go. */
function startCamera(place: HTMLElement): void {
  const camera = place.querySelector<HTMLInputElement>("input");
  const files = place.parentElement?.querySelector<HTMLInputElement>('input[type="file"][name]');
  if (!camera || !files || !matchMedia("(pointer: coarse)").matches) return;
  place.hidden = false;
  camera.addEventListener("change", () => {
    const all = new DataTransfer();
    for (const file of [...(files.multiple ? (files.files ?? []) : []), ...(camera.files ?? [])]) all.items.add(file);
    files.files = all.files;
    files.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

function start(form: HTMLFormElement): void {
  for (const place of form.querySelectorAll<HTMLElement>("[data-camera]")) startCamera(place);
  refresh(form);
}

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-form]")) {
  start(form);
  form.addEventListener("input", () => refresh(form));
  form.addEventListener("change", (event) => {
    refresh(form);
    const select = event.target as HTMLElement;
    if (select.matches("select[data-refresh]")) change(form, "refresh", select.id, null);
  });
  form.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>("button[data-rows]");
    if (!button) return;
    event.preventDefault();
    const focus = button.getAttribute("formaction")?.slice(1);
    change(form, button.value, focus, button);
  });
}

document.querySelector<HTMLElement>("[data-faults]")?.focus();
