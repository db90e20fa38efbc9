// The stream of live changes. The browser reconnects by itself and says which event it saw last.
import type { Item } from "./config.ts";

export type Connection = "on" | "waiting" | "off";

export interface Listener {
  changed(items: Item[]): void;
  /** Too much was missed to tell: everything is to be fetched again. */
  reset(): void;
  health(): void;
  connection(state: Connection): void;
}

export class Events {
  private source: EventSource | null = null;
  private retry = 0;

  constructor(
    private readonly tenant: string,
    private readonly listener: Listener,
  ) {}

  listen(layers: string[]): void {
    this.close();
    if (layers.length === 0) {
      this.listener.connection("off");
      return;
    }
    const query = new URLSearchParams({ layers: layers.join(",") });
    const source = new EventSource(`/api/v1/${this.tenant}/events?${query}`);
    this.source = source;
    this.listener.connection("waiting");
    source.addEventListener("open", () => this.listener.connection("on"));
    source.addEventListener("error", () => {
      this.listener.connection("waiting");
      // A refusal closes the stream for good: try again later, with everything fetched anew.
      if (source.readyState === EventSource.CLOSED) {
        this.listener.connection("off");
        this.retry = window.setTimeout(() => {
          this.listener.reset();
          this.listen(layers);
        }, 5_000 + Math.random() * 10_000);
      }
    });
    source.addEventListener("change", (event) => {
      this.listener.changed((JSON.parse(event.data as string) as { items: Item[] }).items);
    });
    source.addEventListener("reset", () => this.listener.reset());
    source.addEventListener("health", () => this.listener.health());
  }

  close(): void {
    clearTimeout(this.retry);
    this.source?.close();
    this.source = null;
  }
}
