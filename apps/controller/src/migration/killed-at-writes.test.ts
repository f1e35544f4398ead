import {
  Backup,
  DirectVolumeMigration,
  DirectVolumeMigrationProgress,
  MigMigration,
  PersistentVolumeClaim,
  Pod,
  Restore,
  Secret,
  Service,
  StatefulSet,
  hasCondition,
} from "@drover/crds";
import type { KubeObject, ResourceKind } from "@drover/crds";
import { verifyLedgerFile } from "@drover/lab";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { Life } from "../testing/life.ts";
import { aReadyPlan, begin, ended, startMigrationLab } from "../testing/migration-lab.ts";
import type { MigrationLab } from "../testing/migration-lab.ts";
import { NAMESPACE } from "../testing/test-cluster.ts";

/** Runs that are killed once: after the first write, after the last, and evenly between if there are more. */
const KILLS = Number(process.env["LAB_KILLS"] ?? "8");
const PLAN = "ledger";

/** What a run may leave behind, by kind and namespace. */
const WATCHED: readonly (readonly [ResourceKind, string])[] = [
  [Pod, "ledger"],
  [Pod, "ledger-new"],
  [Service, "ledger"],
  [Service, "ledger-new"],
  [Secret, "ledger"],
  [Secret, "ledger-new"],
  [PersistentVolumeClaim, "ledger"],
  [PersistentVolumeClaim, "ledger-new"],
  [StatefulSet, "ledger-new"],
  [Backup, NAMESPACE],
  [Restore, NAMESPACE],
];
const WATCHED_ON_HOST = [
  ...WATCHED,
  [DirectVolumeMigration, NAMESPACE],
  [DirectVolumeMigrationProgress, NAMESPACE],
] as const;

let lab: MigrationLab;

beforeAll(async () => {
  lab = await startMigrationLab();
  await lab.startController();
  await aReadyPlan(lab, { name: PLAN, namespaces: ["ledger:ledger-new"] });
  await lab.killController();
});

afterAll(() => lab?.close(), 60_000);

type Kind = "cutover" | "rollback";

const specs = {
  cutover: { stage: false, quiescePods: true },
  rollback: { rollback: true },
} satisfies Record<Kind, object>;

/** One run; each controller but the last is killed after so many writes. Returns the writes of each. */
async function runWith(kind: Kind, lives: readonly number[]): Promise<number[]> {
  const written: number[] = [];
  await begin(lab, { name: kind, plan: PLAN, spec: specs[kind] });
  const over = ended(lab, kind);
  for (const writes of lives) {
    const life = new Life(writes);
    await lab.startController(life);
    const isOver = await Promise.race([over.then(() => true), once(life.over, "abort")]);
    written.push(life.writes);
    await lab.killController();
    if (isOver === true) break;
  }
  await lab.startController();
  await over;
  await lab.killController();
  return written;
}

async function expectSuccess(kind: Kind): Promise<void> {
  const { status } = await ended(lab, kind);
  const words = JSON.stringify(status, null, 1);
  expect(hasCondition(status?.conditions, "Succeeded"), words).toBe(true);
  expect(hasCondition(status?.conditions, "Failed", "ReconcileFailed")).toBe(false);
  expect(hasCondition(status?.conditions, "CopyVerified")).toBe(kind === "cutover");
  const open = status?.pipeline?.filter(({ completed, skipped }) => !completed && !skipped);
  expect(open).toEqual([]);
}

/** Names of everything there is, without what differs from run to run. */
async function world(): Promise<string[]> {
  const found: string[] = [];
  for (const name of ["host", "source"] as const) {
    const cluster = lab[name];
    for (const [kind, namespace] of name === "host" ? WATCHED_ON_HOST : WATCHED) {
      const objects = await cluster.list(kind, { namespace });
      found.push(...objects.map((object) => `${name} ${kind.kind} ${namespace} ${plain(object)}`));
    }
    const sets = await cluster.list(StatefulSet);
    found.push(...sets.map(({ metadata, spec }) => `${name} ${metadata.name}: ${spec.replicas}`));
  }
  return found.toSorted();
}

/** The world once it has stopped changing: what was deleted takes a moment to be gone. */
async function settledWorld(): Promise<string[]> {
  let [before, same]: [string[], number] = [[], 0];
  return vi.waitFor(
    async () => {
      const now = await world();
      same = isDeepStrictEqual(now, before) ? same + 1 : 0;
      before = now;
      expect(same).toBeGreaterThanOrEqual(20);
      return now;
    },
    { timeout: 60_000, interval: 100 },
  );
}

function plain({ metadata }: KubeObject): string {
  const name = (metadata.name ?? "").replace(/-token-[\da-z]{5}$/, "-token-#");
  return name.replaceAll(/\b[\da-f]{5,}\b/g, "#");
}

async function ledgerFile(cluster: "host" | "source", namespace: string): Promise<string> {
  const ref = { name: "ledger-data-ledger-0", namespace };
  const claim = await lab[cluster].get(PersistentVolumeClaim, ref);
  const { volumesDir } = lab.lab.cluster(cluster);
  return join(volumesDir, claim.spec.volumeName ?? "", "ledger.log");
}

/** The ledger goes on in its place, complete from its first record. */
async function expectLedgerGoesOn(kind: Kind): Promise<void> {
  const written = await readFile(await ledgerFile("source", "ledger"), "utf8");
  const [cluster, namespace] =
    kind === "cutover" ? (["host", "ledger-new"] as const) : (["source", "ledger"] as const);
  const file = await ledgerFile(cluster, namespace);
  await vi.waitFor(
    async () => {
      const now = await readFile(file, "utf8");
      expect(now.startsWith(written)).toBe(true);
      expect(now.length).toBeGreaterThan(written.length);
    },
    { timeout: 60_000, interval: 20 },
  );
  expect((await verifyLedgerFile(file)).broken).toBeUndefined();
}

/** Takes the records of both runs away, so that the next pair begins where this one began. */
async function forgetRuns(): Promise<void> {
  for (const name of ["cutover", "rollback"]) {
    await lab.host.delete(MigMigration, { name, namespace: NAMESPACE });
  }
  await lab.startController();
  const gone = async () => {
    expect(await lab.host.list(DirectVolumeMigration)).toEqual([]);
    expect(await lab.source.list(Backup)).toEqual([]);
  };
  await vi.waitFor(gone, { timeout: 60_000, interval: 20 });
  await lab.killController();
}

/**
 * A cutover and its rollback, each with controllers that live for so many writes.
 * `calm` is how the same went undisturbed: each has to leave the world as it was left then.
 */
async function pair(
  lives: Record<Kind, readonly number[]>,
  calm?: Record<Kind, Ended>,
): Promise<Record<Kind, Ended>> {
  const results: Partial<Record<Kind, Ended>> = {};
  for (const kind of ["cutover", "rollback"] as const) {
    const written = await runWith(kind, lives[kind]);
    await expectSuccess(kind);
    await expectLedgerGoesOn(kind);
    results[kind] = {
      writes: written[0] ?? 0,
      kills: written.filter((writes, life) => writes >= (lives[kind][life] ?? 0)).length,
      world: calm === undefined ? await settledWorld() : calm[kind].world,
    };
    const words = `the world after controllers that lived for ${lives[kind].slice(0, 2)} writes`;
    await expect.poll(world, { message: words }).toEqual(results[kind].world);
  }
  await forgetRuns();
  return results as Record<Kind, Ended>;
}

/** The first write, the last, and those evenly between. */
function writeAt(turn: number, { writes }: Ended): number {
  return 1 + Math.round((turn * (writes - 1)) / Math.max(1, KILLS - 1));
}

type Ended = { readonly writes: number; readonly kills: number; readonly world: readonly string[] };

const NEVER = [Number.POSITIVE_INFINITY];

test(
  "a controller killed after any write of a cutover or a rollback loses and leaves nothing",
  { timeout: 120_000 + KILLS * 40_000 },
  async () => {
    const calm = await pair({ cutover: NEVER, rollback: NEVER });
    for (let turn = 0; turn < KILLS; turn += 1) {
      const at = { cutover: writeAt(turn, calm.cutover), rollback: writeAt(turn, calm.rollback) };
      await pair({ cutover: [at.cutover], rollback: [at.rollback] }, calm);
    }
    // Each controller gets one write done: between them they are killed after every single one.
    const everyWrite = Array.from({ length: 200 }, () => 1);
    const torn = await pair({ cutover: everyWrite, rollback: everyWrite }, calm);
    expect(torn.cutover.kills).toBeGreaterThan(calm.cutover.writes / 2);
    expect(torn.rollback.kills).toBeGreaterThan(calm.rollback.writes / 2);
  },
);
