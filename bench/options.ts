import { parseArgs } from "node:util";
import type { Sizes } from "./measurement.ts";

export const HELP = `pnpm bench                measures everything at sizes that take about a minute each
pnpm bench copy store     only these: apiserver, copy, cutover, discovery, store, first-visit
pnpm bench --full         at the sizes the targets speak of
pnpm bench --rounds 5     runs of each side of a comparison; their medians are compared`;

const QUICK = { bigFileMiB: 256, smallFiles: 50_000, namespaces: 20, claims: 200, objects: 10_000 };
const FULL = {
  bigFileMiB: 1_024,
  smallFiles: 50_000,
  namespaces: 100,
  claims: 2_000,
  objects: 30_000,
};

export type Options = {
  readonly sizes: Sizes;
  /** Names of benches; all when empty. */
  readonly wanted: readonly string[];
  readonly isHelp: boolean;
};

/** Throws a sentence when an argument means nothing here. */
export function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args].filter((arg) => arg !== "--"),
    allowPositionals: true,
    options: {
      full: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
      rounds: { type: "string", default: "3" },
    },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new Error(`--rounds wants a whole number of runs, not "${values.rounds}".`);
  }
  const sizes = { isFull: values.full, rounds, ...(values.full ? FULL : QUICK) };
  return { sizes, wanted: positionals, isHelp: values.help };
}
