type Labels = Readonly<Record<string, string>>;

type Family = { readonly help: string; readonly type: "counter" | "gauge" | "histogram" };

export type MetricName = { readonly name: string; readonly help: string };

/** Seconds; from a fast pass to a slow transfer step. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800];

type Histogram = { readonly counts: number[]; sum: number; count: number };

/** Counters, gauges and histograms in the Prometheus text format. */
export class Metrics {
  readonly #families = new Map<string, Family>();
  readonly #values = new Map<string, Map<string, number>>();
  readonly #histograms = new Map<string, Map<string, Histogram>>();
  readonly #gauges: (() => void)[] = [];

  increment(metric: MetricName, labels: Labels = {}, by = 1): void {
    const series = this.#series(metric, "counter");
    const key = labelText(labels);
    series.set(key, (series.get(key) ?? 0) + by);
  }

  setGauge(metric: MetricName, labels: Labels, value: number): void {
    this.#series(metric, "gauge").set(labelText(labels), value);
  }

  /** Called before each scrape, to set gauges that are read rather than counted. */
  beforeScrape(collect: () => void): void {
    this.#gauges.push(collect);
  }

  observeSeconds(metric: MetricName, labels: Labels, seconds: number): void {
    this.#families.set(metric.name, { help: metric.help, type: "histogram" });
    const all = this.#histograms.get(metric.name) ?? new Map<string, Histogram>();
    this.#histograms.set(metric.name, all);
    const key = labelText(labels);
    const histogram = all.get(key) ?? { counts: BUCKETS.map(() => 0), sum: 0, count: 0 };
    all.set(key, histogram);
    const bucket = BUCKETS.findIndex((limit) => seconds <= limit);
    if (bucket >= 0) histogram.counts[bucket] = (histogram.counts[bucket] ?? 0) + 1;
    histogram.sum += seconds;
    histogram.count += 1;
  }

  /** Forgets all series of a metric; for gauges that are rebuilt as a whole. */
  clear(metric: MetricName): void {
    this.#values.delete(metric.name);
  }

  text(): string {
    for (const collect of this.#gauges) collect();
    return [...this.#families].flatMap(([name, family]) => this.#lines(name, family)).join("");
  }

  #series({ name, help }: MetricName, type: "counter" | "gauge"): Map<string, number> {
    this.#families.set(name, { help, type });
    const series = this.#values.get(name) ?? new Map<string, number>();
    this.#values.set(name, series);
    return series;
  }

  #lines(name: string, { help, type }: Family): string[] {
    const head = [`# HELP ${name} ${help}\n`, `# TYPE ${name} ${type}\n`];
    const values = [...(this.#values.get(name) ?? [])].map(
      ([labels, value]) => `${name}${braced(labels)} ${value}\n`,
    );
    const histograms = [...(this.#histograms.get(name) ?? [])].flatMap(([labels, histogram]) =>
      histogramLines(name, labels, histogram),
    );
    return [...head, ...values, ...histograms];
  }
}

function histogramLines(name: string, labels: string, histogram: Histogram): string[] {
  let cumulative = 0;
  const prefix = labels === "" ? "" : `${labels},`;
  const buckets = BUCKETS.map((limit, index) => {
    cumulative += histogram.counts[index] ?? 0;
    return `${name}_bucket{${prefix}le="${limit}"} ${cumulative}\n`;
  });
  return [
    ...buckets,
    `${name}_bucket{${prefix}le="+Inf"} ${histogram.count}\n`,
    `${name}_sum${braced(labels)} ${histogram.sum}\n`,
    `${name}_count${braced(labels)} ${histogram.count}\n`,
  ];
}

function braced(labels: string): string {
  return labels === "" ? "" : `{${labels}}`;
}

function labelText(labels: Labels): string {
  return Object.entries(labels)
    .map(
      ([name, value]) => `${name}="${value.replaceAll(/["\\\n]/g, (char) => escapes[char] ?? "")}"`,
    )
    .join(",");
}

const escapes: Readonly<Record<string, string>> = { '"': '\\"', "\\": "\\\\", "\n": "\\n" };
