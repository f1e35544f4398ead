import type { FastifyInstance } from "fastify";
import type { LiveHub } from "../live/live-hub.ts";
import { liveResources } from "../live/live-kinds.ts";
import type { LiveStreams } from "../live/live-streams.ts";

export type Metrics = {
  /** Prometheus text format. */
  readonly render: () => string;
};

type Sample = { readonly labels?: Readonly<Record<string, string>>; readonly value: number };

function family(name: string, type: "counter" | "gauge", samples: readonly Sample[]): string {
  const lines = samples.map(({ labels = {}, value }) => {
    const text = Object.entries(labels).map(([key, label]) => `${key}="${label}"`);
    return `${name}${text.length === 0 ? "" : `{${text.join(",")}}`} ${value}`;
  });
  return [`# TYPE ${name} ${type}`, ...lines].join("\n");
}

/** Counts answers of the server and looks at its live stores when asked. */
export function collectMetrics(
  server: FastifyInstance,
  { hub, streams }: { readonly hub: LiveHub; readonly streams: LiveStreams },
): Metrics {
  const answers = new Map<string, number>();
  const seconds = new Map<string, number>();
  server.addHook("onResponse", async (request, reply) => {
    const route = request.routeOptions.url ?? "unknown";
    const key = JSON.stringify({ method: request.method, route, status: String(reply.statusCode) });
    answers.set(key, (answers.get(key) ?? 0) + 1);
    seconds.set(key, (seconds.get(key) ?? 0) + reply.elapsedTime / 1000);
  });
  const byRoute = (values: ReadonlyMap<string, number>): readonly Sample[] =>
    [...values].map(([key, value]) => ({
      labels: JSON.parse(key) as Record<string, string>,
      value,
    }));
  return {
    render: () =>
      [
        family("drover_api_requests_total", "counter", byRoute(answers)),
        family("drover_api_request_duration_seconds_total", "counter", byRoute(seconds)),
        family("drover_api_live_streams", "gauge", [{ value: streams.count() }]),
        family(
          "drover_api_store_objects",
          "gauge",
          liveResources.map((resource) => ({
            labels: { resource },
            value: hub.list(resource).length,
          })),
        ),
        family(
          "drover_api_store_last_event_age_seconds",
          "gauge",
          hub
            .ages()
            .filter(({ seconds: age }) => Number.isFinite(age))
            .map(({ resource, seconds: value }) => ({ labels: { resource }, value })),
        ),
        family("process_resident_memory_bytes", "gauge", [{ value: process.memoryUsage.rss() }]),
        "",
      ].join("\n"),
  };
}
