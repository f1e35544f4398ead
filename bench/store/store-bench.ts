import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { ConfigMap, Namespace } from "@drover/crds";
import { connect, type Cluster } from "@drover/kube";
import { createAuthority, issueCertificate, startApiServer, type ApiServer } from "@drover/lab";
import type { Bench, Measurement } from "../measurement.ts";
import type { ProbeReport } from "./probe.ts";

const WRITERS = 16;
const TOKEN = "bench";
const probePath = fileURLToPath(new URL("./probe.ts", import.meta.url));

/** How fast a live store fills and hears, and what its process weighs with everything in it. */
export const storeBench: Bench = {
  name: "store",
  async run({ objects }) {
    const server = await startServer(objects);
    const cluster = connect({ url: server.url, caPem: server.caPem, token: TOKEN });
    try {
      const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "bench" } };
      const { metadata } = await cluster.create(Namespace, namespace);
      await fill(cluster, objects);
      const firstVersion = metadata.resourceVersion ?? "0";
      return rows(await probe({ server, firstVersion, objects }));
    } finally {
      await cluster.close();
      await server.close();
    }
  },
};

async function startServer(objects: number): Promise<ApiServer> {
  const authority = await createAuthority("bench");
  const tls = await issueCertificate(authority, { commonName: "api", hosts: ["127.0.0.1"] });
  return startApiServer({
    name: "bench",
    tls: { caPem: authority.certPem, ...tls },
    staticTokens: { [TOKEN]: { username: "bench", groups: ["system:masters"] } },
    watchHistory: objects + 1_000,
  });
}

async function fill(cluster: Cluster, objects: number): Promise<void> {
  let next = 0;
  const write = async (): Promise<void> => {
    while (next < objects) {
      const name = `object-${next}`;
      next += 1;
      await cluster.create(ConfigMap, {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name, namespace: "bench", labels: { app: "bench" } },
        data: { text: name.padEnd(1_000, ".") },
      });
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, write));
}

type Order = {
  readonly server: ApiServer;
  readonly firstVersion: string;
  readonly objects: number;
};

async function probe({ server, firstVersion, objects }: Order): Promise<ProbeReport> {
  const child = fork(probePath, { execArgv: ["--expose-gc"] });
  child.send({ url: server.url, caPem: server.caPem, token: TOKEN, firstVersion, objects });
  const exited = once(child, "exit").then(([code]) => {
    throw new Error(`The probe ended with ${String(code)} before it reported.`);
  });
  exited.catch(() => undefined);
  const [report] = (await Promise.race([once(child, "message"), exited])) as [ProbeReport];
  return report;
}

function rows(report: ProbeReport): Measurement[] {
  const count = report.objects.toLocaleString("en");
  const rate = (amount: number, seconds: number): string =>
    Math.round(amount / seconds).toLocaleString("en");
  const each = report.heapBytes / report.objects / 1024;
  return [
    {
      what: `live store of ${count} objects: resident memory of its process`,
      value: `${report.residentMiB.toFixed(0)} MiB (${report.bareResidentMiB.toFixed(0)} MiB before; ${each.toFixed(1)} KiB of heap an object)`,
      target: "≤ 512 MiB for the api with 30,000",
      anchor: "controller limit upstream 10 GiB",
    },
    {
      what: `live store of ${count} objects: first list, pages of 500, with the lab's server`,
      value: `${rate(report.objects, report.listSeconds)} objects/s (${report.listSeconds.toFixed(2)} s)`,
      target: "",
      anchor: "",
    },
    {
      what: `watch that replays ${report.replayed.toLocaleString("en")} events, with the lab's server`,
      value: `${rate(report.replayed, report.replaySeconds)} events/s`,
      target: "",
      anchor: "",
    },
  ];
}
