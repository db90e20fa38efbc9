// Passkeys: a form that asks the server what to ask the device, asks the device, and is sent with its answer.
type Question = { ticket: string; options: Record<string, unknown>; detail?: string };

// Newer than the types that ship with the compiler.
const reader = window.PublicKeyCredential as unknown as {
  parseCreationOptionsFromJSON?: (options: unknown) => PublicKeyCredentialCreationOptions;
  parseRequestOptionsFromJSON?: (options: unknown) => PublicKeyCredentialRequestOptions;
};

export function startPasskeys(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-passkey]")) {
    if (!reader?.parseCreationOptionsFromJSON || !reader.parseRequestOptionsFromJSON) continue;
    form.hidden = false;
    const instead = document.getElementById(form.dataset["instead"] ?? "");
    if (instead) instead.hidden = true;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void ask(form);
    });
  }
}

async function ask(form: HTMLFormElement): Promise<void> {
  const told = form.querySelector<HTMLElement>("[role=status]");
  const say = (text: string | undefined) => {
    if (told) told.textContent = text ?? "";
  };
  const button = form.querySelector<HTMLButtonElement>("button");
  say(form.dataset["waiting"]);
  if (button) button.disabled = true;
  try {
    const response = await fetch(form.dataset["question"] ?? "", { method: "POST" });
    const question = (await response.json()) as Question;
    if (!response.ok) {
      say(question.detail ?? form.dataset["failed"]);
      return;
    }
    const answer = await credential(form.dataset["passkey"] === "make", question.options);
    field(form, "ticket").value = question.ticket;
    field(form, "answer").value = JSON.stringify(answer);
    form.submit();
  } catch {
    // Whoever cancels learns no more than whoever has no passkey: the browser does not say which it was.
    say(form.dataset["failed"]);
  } finally {
    if (button) button.disabled = false;
  }
}

async function credential(make: boolean, options: unknown): Promise<unknown> {
  const made = make
    ? await navigator.credentials.create({ publicKey: reader.parseCreationOptionsFromJSON?.(options) as never })
    : await navigator.credentials.get({ publicKey: reader.parseRequestOptionsFromJSON?.(options) as never });
  return (made as unknown as { toJSON: () => unknown }).toJSON();
}

function field(form: HTMLFormElement, name: string): HTMLInputElement {
  return form.elements.namedItem(name) as HTMLInputElement;
}
