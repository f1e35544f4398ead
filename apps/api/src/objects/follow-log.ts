import type { LogQuery } from "@drover/contract";
import { KubeError } from "@drover/kube";
import type { Cluster, LogOptions } from "@drover/kube";
import type { EventStream } from "../live/event-stream.ts";

function optionsFrom({ container, tail, follow }: LogQuery): LogOptions {
  return { tailLines: tail, follow, ...(container === undefined ? {} : { container }) };
}

/** The last lines of a container, as text. */
export async function readLog(cluster: Cluster, query: LogQuery): Promise<string> {
  const lines: string[] = [];
  const pod = { namespace: query.namespace, name: query.pod };
  for await (const line of cluster.logs(pod, optionsFrom({ ...query, follow: false })))
    lines.push(line);
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

/** Resolves when the reader has taken what was sent, or is gone. */
function drained(stream: EventStream): Promise<void> {
  return new Promise((resolve) => {
    stream.onDrain(resolve);
    stream.onClose(resolve);
  });
}

/** Sends lines as they are written, no faster than the reader takes them, until the container stops or the reader goes. */
export async function followLog(
  cluster: Cluster,
  query: LogQuery,
  stream: EventStream,
): Promise<void> {
  const gone = new AbortController();
  stream.onClose(() => gone.abort());
  const pod = { namespace: query.namespace, name: query.pod };
  const options = { ...optionsFrom(query), signal: gone.signal };
  try {
    for await (const line of cluster.logs(pod, options)) {
      if (!stream.send("line", JSON.stringify(line))) await drained(stream);
      if (stream.isClosed()) return;
    }
    stream.send("end", JSON.stringify({ reason: "stopped" }));
  } catch (error) {
    if (!(error instanceof KubeError)) throw error;
    stream.send("end", JSON.stringify({ reason: "failed", detail: error.message }));
  } finally {
    stream.end();
  }
}
