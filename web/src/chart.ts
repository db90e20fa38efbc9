// Draws the charts that the server has drawn already a second time, with a cursor that reads values and a span that
// can be magnified. The numbers are those of the table under the chart.
import uPlot from "uplot";
import { token, onThemeChange } from "./colours.ts";
import { dateTime, number, time, withUnit } from "./format.ts";

interface Threshold {
  value: number;
  name: string;
  tone: string;
}

const FONT = '12px "Be Vietnam Figures", "Be Vietnam Pro", system-ui, sans-serif';

export function drawCharts(within: ParentNode): void {
  for (const figure of within.querySelectorAll<HTMLElement>("figure[data-chart]")) {
    const room = figure.querySelector<HTMLElement>(".drawing");
    if (room && !room.dataset["drawn"]) new LiveChart(figure, room).start();
  }
}

class LiveChart {
  private plot: uPlot | null = null;
  private readonly reading = document.createElement("p");
  private readonly unit: string;
  private readonly digits: number;
  private readonly thresholds: Threshold[];

  constructor(
    private readonly figure: HTMLElement,
    private readonly room: HTMLElement,
  ) {
    this.unit = figure.dataset["unit"] ?? "";
    this.digits = Number(figure.dataset["digits"] ?? 2);
    this.thresholds = JSON.parse(figure.dataset["thresholds"] || "[]") as Threshold[];
  }

  start(): void {
    this.room.dataset["drawn"] = "yes";
    this.draw();
    let width = this.room.clientWidth;
    new ResizeObserver(() => {
      if (this.room.clientWidth !== width && this.room.clientWidth > 0) {
        width = this.room.clientWidth;
        this.plot?.setSize({ width, height: this.height() });
      }
    }).observe(this.room);
    onThemeChange(() => this.draw());
  }

  private height(): number {
    return this.room.clientWidth < 500 ? 220 : 280;
  }

  /** Times in seconds and values, a null where data are missing. */
  private data(): uPlot.AlignedData {
    const join = Number(this.figure.dataset["join"] ?? 0);
    const times: number[] = [];
    const values: (number | null)[] = [];
    const rows = [...this.figure.querySelectorAll<HTMLTableRowElement>(".numbers tbody tr")].reverse();
    for (const row of rows) {
      const at = Date.parse(row.querySelector("time")?.dateTime ?? "") / 1000;
      const value = Number(row.querySelector<HTMLElement>("[data-value]")?.dataset["value"]);
      const before = times.at(-1);
      if (before !== undefined && join > 0 && at - before > join) {
        times.push(before + join / 2);
        values.push(null);
      }
      times.push(at);
      values.push(value);
    }
    return [times, values];
  }

  private draw(): void {
    this.plot?.destroy();
    const width = this.room.clientWidth;
    if (width === 0) return;
    const bars = this.figure.dataset["chart"] === "bars";
    const data = this.data();
    const river = token("river");
    const series: uPlot.Series = {
      stroke: river,
      width: 2,
      points: { show: data[0].length < 60, size: 5 },
    };
    if (bars && uPlot.paths.bars) {
      series.paths = uPlot.paths.bars({ size: [0.7, 24] });
      series.fill = river;
      series.points = { show: false };
    }
    const options: uPlot.Options = {
      width,
      height: this.height(),
      padding: [20, 20, 0, 0],
      cursor: { y: false, drag: { x: true, y: false } },
      legend: { show: false },
      scales: {
        x: { time: true, range: (_plot, low, high) => this.span(low, high) },
        y: { range: (_plot, low, high) => this.range(low, high, bars) },
      },
      axes: [this.timeAxis(), this.valueAxis()],
      series: [{}, series],
      hooks: { draw: [(plot) => this.drawThresholds(plot)], setCursor: [(plot) => this.read(plot)] },
    };
    this.reading.className = "reading num";
    this.reading.textContent = "\u00a0";
    this.room.replaceChildren(this.reading);
    this.plot = new uPlot(options, data, this.room);
  }

  /** Says the value under the cursor. */
  private read(plot: uPlot): void {
    const index = plot.cursor.idx;
    const [at, value] = [plot.data[0][index ?? -1], plot.data[1]?.[index ?? -1]];
    this.reading.textContent =
      at === undefined || value == null
        ? "\u00a0"
        : `${dateTime(new Date(at * 1000))}: ${withUnit(number(value, this.digits), this.unit)}`;
  }

  /** The whole span that was asked for, so that missing ends show; a part of it after magnifying. */
  private span(low: number, high: number): [number, number] {
    const whole: [number, number] = [Number(this.figure.dataset["from"]), Number(this.figure.dataset["to"])];
    const times = this.plot?.data[0];
    const isWhole = !times || (low <= (times[0] ?? low) && high >= (times.at(-1) ?? high));
    return isWhole ? whole : [low, high];
  }

  private range(low: number, high: number, bars: boolean): [number, number] {
    let [bottom, top] = [low, high];
    if (bars) [bottom, top] = [Math.min(0, bottom), Math.max(1, top)];
    const next = this.thresholds.map((t) => t.value).find((v) => v > top);
    const extent = Math.max(top - bottom, 0.2 * Math.abs(top), 0.1);
    if (next !== undefined && next - bottom <= 8 * extent) top = next;
    const room = Math.max((top - bottom) * 0.08, 0.05);
    return [bars ? bottom : bottom - room, top + room];
  }

  private timeAxis(): uPlot.Axis {
    return {
      stroke: token("quiet"),
      font: FONT,
      grid: { show: false },
      ticks: { stroke: token("edge"), size: 4, width: 1 },
      values: (_plot, splits) =>
        splits.map((at, i) => {
          const [here, before] = [new Date(at * 1000), new Date((splits[i - 1] ?? 0) * 1000)];
          const day = dateTime(here).replace(/^\d\d:\d\d |, \d\d:\d\d$/g, "").replace(/[/ ]\d{4}$/, "");
          const isFar = splits.length > 1 && (splits[1] ?? 0) - (splits[0] ?? 0) >= 86_400;
          if (isFar) return day;
          return here.toDateString() === before.toDateString() ? time(here) : `${time(here)}\n${day}`;
        }),
    };
  }

  private valueAxis(): uPlot.Axis {
    return {
      stroke: token("quiet"),
      font: FONT,
      size: 52,
      grid: { stroke: token("line"), width: 1 },
      ticks: { show: false },
      values: (_plot, splits) => {
        const step = splits.length > 1 ? Math.abs((splits[1] ?? 0) - (splits[0] ?? 0)) : 1;
        const isWhole = (places: number) => Math.abs(step * 10 ** places - Math.round(step * 10 ** places)) < 1e-6;
        const digits = [0, 1, 2, 3, 4].find(isWhole) ?? 4;
        return splits.map((value) => number(value, digits));
      },
    };
  }

  private drawThresholds(plot: uPlot): void {
    const { ctx, bbox } = plot;
    const ratio = devicePixelRatio;
    ctx.save();
    ctx.font = FONT.replace("12px", `${12 * ratio}px`);
    ctx.fillStyle = token("quiet");
    ctx.textAlign = "right";
    ctx.fillText(this.unit, bbox.left - 8 * ratio, bbox.top - 10 * ratio);
    ctx.textAlign = "left";
    ctx.lineWidth = 1.5 * ratio;
    ctx.setLineDash([6 * ratio, 4 * ratio]);
    ctx.font = FONT.replace("12px", `500 ${12 * ratio}px`);
    for (const threshold of this.thresholds) {
      const y = plot.valToPos(threshold.value, "y", true);
      if (y < bbox.top || y > bbox.top + bbox.height) continue;
      ctx.strokeStyle = token(threshold.tone);
      ctx.beginPath();
      ctx.moveTo(bbox.left, y);
      ctx.lineTo(bbox.left + bbox.width, y);
      ctx.stroke();
      ctx.fillStyle = token("ink");
      ctx.fillText(threshold.name, bbox.left + 6 * ratio, y - 8 * ratio);
    }
    ctx.restore();
  }
}
