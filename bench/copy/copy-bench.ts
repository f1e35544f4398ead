import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { median, secondsOf, type Bench, type Measurement, type Sizes } from "../measurement.ts";
import { copierByDrover, type DroverCopier } from "./by-drover.ts";
import { copierByHand, type Copier } from "./by-hand.ts";
import { Servers } from "./processes.ts";
import { bigFile, smallFiles } from "./trees.ts";

type Copiers = { readonly drover: DroverCopier; readonly hand: Copier };
type Times = { readonly drover: number[]; readonly hand: number[] };

const byHandBig = "by hand on idle cores 400–470 MiB/s; upstream samples 13–28 MB/s";
const byHandSmall = "by hand on idle cores 12–18 thousand files/s";

/** The transfer image against rsync over mutual TLS by hand: one big file, many small ones, nothing new, proof. */
export const copyBench: Bench = {
  name: "copy",
  async run(sizes, directory) {
    const treeOf = (name: string): string => join(directory, "trees", name);
    const trees = { big: treeOf("big"), small: treeOf("small"), empty: treeOf("empty") };
    await mkdir(trees.empty, { recursive: true });
    await bigFile(trees.big, sizes.bigFileMiB);
    await smallFiles(trees.small, sizes.smallFiles);
    const servers = new Servers();
    try {
      const copiers = await copiersIn(directory, { servers, rounds: sizes.rounds });
      const big = await takeTurns(copiers, { tree: trees.big, name: "big", rounds: sizes.rounds });
      const small = await takeTurns(copiers, {
        tree: trees.small,
        name: "small",
        rounds: sizes.rounds,
      });
      const repeats = await repeat(copiers, trees, sizes.rounds);
      return [
        ...rates(sizes, { big, small }),
        ...shares(sizes, { first: small.drover, ...repeats }),
      ];
    } finally {
      await servers.stop();
    }
  },
};

async function copiersIn(
  directory: string,
  { servers, rounds }: { readonly servers: Servers; readonly rounds: number },
): Promise<Copiers> {
  const destinations = Array.from({ length: rounds }, (_, round) => [
    `big-${round}`,
    `small-${round}`,
    `empty-${round}`,
  ]).flat();
  const [byHand, byDrover] = [join(directory, "hand"), join(directory, "drover")];
  await mkdir(byHand);
  await mkdir(byDrover);
  return {
    hand: await copierByHand(byHand, servers),
    drover: await copierByDrover(byDrover, { servers, destinations }),
  };
}

/** Both sides in turn, beginning with another one each round, always into a fresh destination. */
async function takeTurns(
  { drover, hand }: Copiers,
  { tree, name, rounds }: { readonly tree: string; readonly name: string; readonly rounds: number },
): Promise<Times> {
  const times: Times = { drover: [], hand: [] };
  for (let round = 0; round < rounds; round += 1) {
    const to = `${name}-${round}`;
    const sides = [
      async () => void times.drover.push(await secondsOf(() => drover.copy(tree, to))),
      async () => void times.hand.push(await secondsOf(() => hand.copy(tree, to))),
    ];
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) await side();
  }
  return times;
}

type Repeats = {
  readonly again: number[];
  readonly againByHand: number[];
  readonly proof: number[];
  /** With nothing to copy: what a client costs before its first file. */
  readonly empty: number[];
};

/** What is done over a tree that was copied before. */
async function repeat(
  { drover, hand }: Copiers,
  trees: { readonly small: string; readonly empty: string },
  rounds: number,
): Promise<Repeats> {
  const times: Repeats = { again: [], againByHand: [], proof: [], empty: [] };
  for (let round = 0; round < rounds; round += 1) {
    const to = `small-${round}`;
    times.again.push(await secondsOf(() => drover.copy(trees.small, to)));
    times.againByHand.push(await secondsOf(() => hand.copy(trees.small, to)));
    times.proof.push(await secondsOf(() => drover.prove(to)));
    times.empty.push(await secondsOf(() => drover.copy(trees.empty, `empty-${round}`)));
  }
  return times;
}

function rates(
  { bigFileMiB, smallFiles: files }: Sizes,
  { big, small }: { readonly big: Times; readonly small: Times },
): Measurement[] {
  const perSecond = (amount: number, times: readonly number[]): string =>
    Math.round(amount / median(times)).toLocaleString("en");
  const ratio = ({ hand, drover }: Times): string => (median(hand) / median(drover)).toFixed(2);
  const value = (times: Times, amount: number, unit: string): string =>
    `${ratio(times)} (${perSecond(amount, times.drover)} against ${perSecond(amount, times.hand)} ${unit})`;
  return [
    {
      what: `direct copy, one file of ${bigFileMiB} MiB, rate against rsync by hand`,
      value: value(big, bigFileMiB, "MiB/s"),
      target: "≥ 0.90",
      anchor: byHandBig,
    },
    {
      what: `direct copy, ${files.toLocaleString("en")} files of 4 KiB, likewise`,
      value: value(small, files, "files/s"),
      target: "≥ 0.90",
      anchor: byHandSmall,
    },
  ];
}

function shares(
  { smallFiles: files }: Sizes,
  { first, again, againByHand, proof, empty }: Repeats & { readonly first: readonly number[] },
): Measurement[] {
  const whole = median(first);
  const share = (times: readonly number[]): string => {
    const seconds = median(times);
    const percent = ((100 * seconds) / whole).toFixed(0);
    return `${percent} % (${seconds.toFixed(2)} s of ${whole.toFixed(2)} s)`;
  };
  const count = files.toLocaleString("en");
  return [
    {
      what: `second stage over ${count} unchanged files, share of the first`,
      value: share(again),
      target: "≤ 15 %",
      anchor: `by hand, in this run: ${median(againByHand).toFixed(2)} s`,
    },
    {
      what: `proof of copy by metadata over ${count} files, share of the copy`,
      value: share(proof),
      target: "≤ 15 %",
      anchor: "nobody has one",
    },
    {
      what: "transfer client with nothing to copy, contained in each figure above",
      value: `${median(empty).toFixed(2)} s`,
      target: "",
      anchor: "",
    },
  ];
}
