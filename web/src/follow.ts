// A page whose middle changes by itself: it is fetched again, and what it says now takes the place of what it said before.

/** How often it is looked at, in milliseconds. */
const EVERY = 1_500;
/** After so many looks that fail one after another nobody waits any more: the time of what was asked is over. */
const PATIENCE = 5;

/** Follows a part of the page that carries `data-stage`, until the page is gone or left. */
export function follow(part: HTMLElement): void {
  let failed = 0;
  const look = async (): Promise<void> => {
    // What nobody looks at is not asked about.
    if (document.hidden) return again();
    try {
      const answer = await fetch(location.href, { headers: { accept: "text/html" } });
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      failed = 0;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(part.id);
      if (fresh && fresh.dataset["stage"] !== part.dataset["stage"]) {
        part.dataset["stage"] = fresh.dataset["stage"] ?? "";
        part.replaceChildren(...fresh.childNodes);
      }
    } catch {
      failed += 1;
    }
    if (failed < PATIENCE) again();
  };
  const again = (): void => void setTimeout(() => void look(), EVERY);
  again();
}
