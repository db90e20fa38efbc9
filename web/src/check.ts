// Whether a file is genuine, without sending it: its hash is computed here, and only the hash goes over the wire. Without
// this script the form sends the file, which is hashed there and forgotten.

async function digest(file: File): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function startCheck(form: HTMLFormElement): void {
  const file = form.querySelector<HTMLInputElement>("input[type=file]");
  const typed = form.querySelector<HTMLInputElement>("input[name=digest]");
  // Where the page came over a line that is not safe, browsers hash nothing.
  if (!file || !typed || !globalThis.crypto?.subtle) {
    return;
  }
  form.querySelector<HTMLElement>("[data-check-local]")?.removeAttribute("hidden");
  const send = async (chosen: File): Promise<void> => {
    typed.value = await digest(chosen);
    file.disabled = true;
    form.submit();
  };
  form.addEventListener("submit", (event) => {
    const chosen = file.files?.[0];
    if (chosen) {
      event.preventDefault();
      void send(chosen);
    }
  });
  // Coming back with the browser's button, another file can be chosen.
  addEventListener("pageshow", () => {
    file.disabled = false;
    typed.value = "";
  });
  form.addEventListener("dragover", (event) => {
    event.preventDefault();
    form.classList.add("dropping");
  });
  form.addEventListener("dragleave", () => form.classList.remove("dropping"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    const dropped = event.dataTransfer?.files[0];
    if (dropped) {
      void send(dropped);
    }
  });
}
