// Signing with a USB token: this page speaks with `dinh token-agent` on the same machine. The server says which hashes to sign,
// the agent has the token sign them, and a form brings the signatures back. The code that pairs both is kept for this tab only.

type Certificate = { certificate: string; name: string; until: string; algorithm: string };
type Begun = { id: string; begun: { signing: string; digest: string; algorithm: string } | null };

const find = <E extends HTMLElement>(selector: string): E | null => document.querySelector<E>(selector);
const [room, pair, sign] = [find("#token"), find<HTMLFormElement>("#token-pair"), find<HTMLFormElement>("#token-sign")];
const [code, choice] = [find<HTMLInputElement>("#token-code"), find<HTMLSelectElement>("#token-key")];
const word = (name: string): string => find(`#token-words [data-word="${name}"]`)?.textContent ?? name;
const [CODE, PORT] = ["dinh-agent-code", "dinh-agent-port"];

/** Something went wrong, in a word of the page. */
class Trouble extends Error {}

function tell(name: string, wrong = false): void {
  const told = find("#token-told");
  if (!told) return;
  told.textContent = word(name);
  told.className = wrong ? "notice danger" : "hint";
}

/** What is kept may be refused by the browser: then it is asked for again. */
function kept(store: () => Storage, name: string, value?: string | null): string | null {
  try {
    if (value === null) store().removeItem(name);
    else if (value !== undefined) store().setItem(name, value);
    return store().getItem(name);
  } catch {
    return null;
  }
}

async function agent<T>(path: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = { [CODE]: code?.value.replace(/[^0-9a-z]/gi, "") ?? "" };
  if (body !== undefined) headers["content-type"] = "application/json";
  const asked: RequestInit = { method: body === undefined ? "GET" : "POST", headers, credentials: "omit", cache: "no-store" };
  if (body !== undefined) asked.body = JSON.stringify(body);
  const answer = await fetch(`${room?.dataset["agent"]}${path}`, asked).catch(() => {
    throw new Trouble("away");
  });
  if (answer.status === 401) {
    kept(() => sessionStorage, CODE, null);
    throw new Trouble("wrong-code");
  }
  if (!answer.ok) throw new Trouble("refused");
  return (await answer.json()) as T;
}

/** Keys of the inventory, by the fingerprints of their certificates. */
const known = new Map(
  Array.from(document.querySelectorAll<HTMLElement>("#token-keys [data-key]"), (one) => [one.dataset["certificate"] ?? "", one]),
);

async function connect(): Promise<void> {
  tell("asking");
  const { certificates } = await agent<{ certificates: Certificate[] }>("/v1/certificates");
  kept(() => sessionStorage, CODE, code?.value ?? "");
  const day = new Intl.DateTimeFormat("vi-VN", { day: "2-digit", month: "2-digit", year: "numeric", timeZone: "Asia/Ho_Chi_Minh" });
  const options = certificates.map((one) => {
    const key = known.get(one.certificate);
    const said = `${one.name} (${day.format(new Date(one.until))}) – ${key?.textContent ?? word("unlisted")}`;
    const option = new Option(said, key?.dataset["key"] ?? "");
    option.disabled = !key;
    option.dataset["certificate"] = one.certificate;
    option.dataset["algorithm"] = one.algorithm;
    return option;
  });
  choice?.replaceChildren(...options);
  const first = options.find((option) => !option.disabled);
  if (!first || !sign || !pair) throw new Trouble("no-certificate");
  first.selected = true;
  [sign.hidden, pair.hidden] = [false, true];
  tell("ready");
}

function field(name: string, value: string): HTMLInputElement {
  const input = document.createElement("input");
  input.type = "hidden";
  input.name = name;
  input.value = value;
  return input;
}

/** Begins all documents, has them signed by the token, and sends what came of it. */
async function signAll(form: HTMLFormElement): Promise<void> {
  const chosen = choice?.selectedOptions[0];
  if (!chosen || chosen.disabled) throw new Trouble("no-certificate");
  const documents = Array.from(form.querySelectorAll<HTMLInputElement>("input[name=id]"));
  const titles = new Map(documents.map((one) => [one.value, one.dataset["title"] ?? one.value]));
  tell("beginning");
  const answer = await fetch(room?.dataset["begin"] ?? "", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ key: chosen.value, documents: [...titles.keys()] }),
  });
  if (!answer.ok) throw new Trouble(answer.status === 403 ? "step-up" : "not-begun");
  const { results } = (await answer.json()) as { results: Begun[] };
  const begun = results.flatMap(({ id, begun }) => (begun ? [{ id, ...begun }] : []));
  if (begun.length > 0) {
    tell("signing");
    const { signatures } = await agent<{ signatures: string[] }>("/v1/signatures", {
      certificate: chosen.dataset["certificate"],
      algorithm: begun[0]?.algorithm,
      documents: begun.map(({ id, digest }) => ({ title: titles.get(id) ?? id, digest })),
    });
    begun.forEach(({ id, signing }, at) => form.append(field("made", `${id} ${signing} ${signatures[at] ?? ""}`)));
  }
  tell("finishing");
  // What was not begun is named too: the page that follows says why.
  form.submit();
}

/** Does something once at a time, and says what went wrong. */
function doing(form: HTMLFormElement, work: () => Promise<void>): void {
  const button = form.querySelector("button");
  if (!button || button.disabled) return;
  button.disabled = true;
  work()
    .catch((trouble: unknown) => {
      if (sign && pair && trouble instanceof Trouble && trouble.message === "wrong-code") [sign.hidden, pair.hidden] = [true, false];
      tell(trouble instanceof Trouble ? trouble.message : "not-begun", true);
    })
    .finally(() => (button.disabled = false));
}

if (room && pair && sign && code) {
  const site = find("#token-site");
  if (site) site.textContent = location.origin;
  find<HTMLFormElement>("#token-port-form")?.addEventListener("submit", () => {
    kept(() => localStorage, PORT, find<HTMLInputElement>("#token-port")?.value ?? null);
  });
  // Which address the page may ask is said by the server, so another port is another address of the page.
  const [address, port] = [new URL(location.href), kept(() => localStorage, PORT)];
  const elsewhere = port && /^\d{4,5}$/.test(port) && port !== room.dataset["port"] && !address.searchParams.has("port") && address.searchParams.has("id");
  if (elsewhere) {
    address.searchParams.set("port", port);
    location.replace(address);
  }
  pair.hidden = false;
  pair.addEventListener("submit", (event) => {
    event.preventDefault();
    doing(pair, connect);
  });
  sign.addEventListener("submit", (event) => {
    event.preventDefault();
    doing(sign, () => signAll(sign));
  });
  const before = kept(() => sessionStorage, CODE);
  if (before && !elsewhere) {
    code.value = before;
    doing(pair, connect);
  }
}
