import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openAuditTrail } from "../audit/audit-trail.ts";
import { openDatabase } from "./open-database.ts";
import type { Database } from "./open-database.ts";
import { applyMigrations, missingMigrations } from "./migrate.ts";
import type { SqlConnection } from "./sql-connection.ts";

let stateDir: string;
let database: Database;

beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), "drover-db-"));
  database = await openDatabase({ url: undefined, stateDir });
});

afterAll(async () => {
  await database.close();
  await rm(stateDir, { recursive: true });
});

test("says what is missing, applies it once, and has nothing left to do", async () => {
  expect(await database.missingMigrations()).not.toEqual([]);
  expect(await database.migrate()).not.toEqual([]);
  expect(await database.missingMigrations()).toEqual([]);
  expect(await database.migrate()).toEqual([]);
});

test("keeps the bookkeeping Prisma's own tools read", async () => {
  const rows = await database.prisma.$queryRaw<Record<string, unknown>[]>`
    SELECT checksum, finished_at, rolled_back_at, applied_steps_count FROM _prisma_migrations`;
  expect(rows[0]).toMatchObject({ rolled_back_at: null, applied_steps_count: 1 });
  expect(rows[0]?.["checksum"]).toMatch(/^[0-9a-f]{64}$/);
});

test("refuses a second opener while the first runs", async () => {
  await expect(openDatabase({ url: undefined, stateDir })).rejects.toThrow("in use by process");
});

const childProgram = (dir: string): string => `
  import { lockDirectory } from ${JSON.stringify(join(import.meta.dirname, "directory-lock.ts"))};
  lockDirectory(${JSON.stringify(join(dir, "db.lock"))});
  console.log("locked");
  setInterval(() => undefined, 1000);
`;

test("takes over from a process that was killed", async () => {
  const dir = await mkdtemp(join(tmpdir(), "drover-lock-"));
  const child = spawn(process.execPath, ["--input-type=module", "-e", childProgram(dir)]);
  await once(child.stdout, "data");
  await expect(openDatabase({ url: undefined, stateDir: dir })).rejects.toThrow(`${child.pid}`);
  child.kill("SIGKILL");
  await once(child, "exit");
  const { lockDirectory } = await import("./directory-lock.ts");
  const lock = lockDirectory(join(dir, "db.lock"));
  expect(await readFile(join(dir, "db.lock"), "utf8")).toContain(`${process.pid} `);
  lock.release();
  await rm(dir, { recursive: true });
});

test("lets nobody rewrite the audit trail", async () => {
  const { prisma } = database;
  const audit = openAuditTrail(prisma);
  const row = {
    actor: "admin",
    action: "plan.create",
    object: "MigPlan ledger",
    address: "127.0.0.1",
    requestId: "1",
    decision: "allowed",
    outcome: "succeeded",
    payload: { b: 1, a: { d: [1, 2], c: null } },
  } as const;
  await Promise.all([1, 2, 3, 4, 5].map(() => audit.append(row)));
  expect(await audit.findBreak()).toBeUndefined();
  await expect(prisma.auditEntry.deleteMany()).rejects.toThrow("cannot be changed or deleted");
  await expect(prisma.auditEntry.updateMany({ data: { actor: "x" } })).rejects.toThrow(
    "cannot be changed",
  );
  await prisma.$executeRaw`ALTER TABLE "AuditEntry" DISABLE TRIGGER ALL`;
  await prisma.auditEntry.update({ where: { sequence: 3 }, data: { actor: "somebody else" } });
  expect(await audit.findBreak()).toBe(3);
});

test("does nothing when the audit trail cannot be written", async () => {
  const audit = openAuditTrail({ ...database.prisma, $transaction: undefined } as never);
  const row = { actor: "a", action: "b", object: "c", address: "", requestId: "" };
  await expect(
    audit.append({ ...row, decision: "allowed", outcome: "pending" }),
  ).rejects.toMatchObject({ code: "NOT_READY" });
});

function connectionWith(applied: Record<string, string>): SqlConnection & { scripts: string[] } {
  const scripts: string[] = [];
  return {
    scripts,
    script: async (sql) => void scripts.push(sql),
    rows: async (sql) => {
      if (sql.includes("to_regclass")) return [{ present: true }];
      if (!sql.startsWith("SELECT migration_name")) return [];
      return Object.entries(applied).map(([name, checksum]) => ({
        migration_name: name,
        checksum,
      }));
    },
  };
}

const first = { name: "1_first", sql: "CREATE TABLE a ()", checksum: "aaa" };
const second = { name: "2_second", sql: "CREATE TABLE b ()", checksum: "bbb" };

test("applies only what is new, each in a transaction of its own", async () => {
  const connection = connectionWith({ "1_first": "aaa" });
  expect(await applyMigrations(connection, [first, second])).toEqual(["2_second"]);
  expect(connection.scripts.slice(1)).toEqual(["BEGIN", second.sql, "COMMIT"]);
});

test("stops at a migration that was edited after it had been applied", async () => {
  const connection = connectionWith({ "1_first": "edited" });
  await expect(missingMigrations(connection, [first])).rejects.toThrow("1_first was changed");
});
