import { join } from "node:path";
import { median, secondsOf, type Bench, type Measurement } from "../measurement.ts";
import { startLabServer, startRealServer, type BenchedServer } from "./benched-server.ts";
import { loads, prepare, type Load } from "./load.ts";
import { RawClient } from "./raw-client.ts";

const NOT_RUN = "real kube-apiserver: not run (npm run kube-assets fetches it)";

type Side = {
  readonly server: BenchedServer;
  readonly client: RawClient;
  readonly idleMiB: number;
};

type Sizes = { readonly objects: number; readonly rounds: number };

/** How the lab's API server stands beside a real kube-apiserver, taking turns on the same machine. */
export const apiserverBench: Bench = {
  name: "apiserver",
  async run({ objects, rounds }, directory) {
    const sides: Side[] = [];
    try {
      sides.push(await sideOf(await startLabServer(join(directory, "lab"))));
      const real = await startRealServer(join(directory, "kube"));
      if (real !== undefined) sides.push(await sideOf(real));
      const rows: Measurement[] = [];
      for (const load of loads) rows.push(await measured(load, sides, { objects, rounds }));
      return [...rows, ...memory(sides, objects)];
    } finally {
      for (const { client, server } of sides) {
        client.close();
        await server.close();
      }
    }
  },
};

async function sideOf(server: BenchedServer): Promise<Side> {
  const client = new RawClient(server);
  const idleMiB = sum(server.residentMiB());
  await prepare(client);
  return { server, client, idleMiB };
}

async function measured(load: Load, sides: readonly Side[], sizes: Sizes): Promise<Measurement> {
  const rates = sides.map((): number[] => []);
  for (let round = 0; round < sizes.rounds; round += 1) {
    for (const [index, { client }] of sides.entries()) {
      let amount = 0;
      const seconds = await secondsOf(async () => {
        amount = await load.carry(client, { ...sizes, round });
      });
      rates[index]?.push(amount / seconds);
    }
  }
  const [lab = Number.NaN, real] = rates.map(median);
  const there = sizes.objects.toLocaleString("en");
  return compared(`${load.what} (${there} there)`, sides, {
    lab: `${rate(lab)} a second`,
    real: real === undefined ? "" : rate(real),
    ratio: real === undefined ? 0 : lab / real,
  });
}

function memory(sides: readonly Side[], objects: number): readonly Measurement[] {
  const moments = [
    ["that has just started", ({ idleMiB }: Side) => idleMiB],
    [
      `after all that (${objects.toLocaleString("en")} there)`,
      ({ server }: Side) => sum(server.residentMiB()),
    ],
  ] as const;
  const parts = Object.entries(sides[1]?.server.residentMiB() ?? {})
    .map(([name, mib]) => `${name} ${mib.toFixed(0)}`)
    .join(" + ");
  return moments.map(([moment, read]) => {
    const [lab = Number.NaN, real] = sides.map(read);
    const isLast = moment.startsWith("after");
    return compared(`resident memory of a server ${moment}`, sides, {
      lab: `${lab.toFixed(0)} MiB`,
      real: real === undefined ? "" : `${real.toFixed(0)}${isLast ? ` (${parts})` : ""}`,
      ratio: real === undefined ? 0 : lab / real,
    });
  });
}

function compared(
  what: string,
  sides: readonly Side[],
  { lab, real, ratio }: { readonly lab: string; readonly real: string; readonly ratio: number },
): Measurement {
  const held = real === "" ? "" : ` against ${real}, ${ratio.toFixed(2)} ×`;
  return { what, value: `${lab}${held}`, target: "", anchor: sides[1]?.server.name ?? NOT_RUN };
}

function sum(memory: Readonly<Record<string, number>>): number {
  return Object.values(memory).reduce((total, part) => total + part, 0);
}

function rate(value: number): string {
  return Math.round(value).toLocaleString("en");
}
