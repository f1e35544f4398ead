/** One line of the table: what was measured, what it should be, and what it is held against. */
export type Measurement = {
  readonly what: string;
  readonly value: string;
  /** As the design states it; empty when it states none. */
  readonly target: string;
  readonly anchor: string;
};

export type Sizes = {
  /** True for the sizes the targets speak of; smaller ones otherwise. */
  readonly isFull: boolean;
  readonly rounds: number;
  readonly bigFileMiB: number;
  readonly smallFiles: number;
  readonly namespaces: number;
  readonly claims: number;
  readonly objects: number;
};

/** A group of measurements that share what they need. `directory` is theirs, and removed afterwards. */
export type Bench = {
  readonly name: string;
  run(sizes: Sizes, directory: string): Promise<readonly Measurement[]>;
};

/** The middle of several runs; one slow run does not move it. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? upper) + upper) / 2 : upper;
}

export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1000;
}
