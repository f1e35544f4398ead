import { createHash, randomUUID } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { SqlConnection } from "./sql-connection.ts";

type Migration = { readonly name: string; readonly sql: string; readonly checksum: string };

export const migrationsDir = join(import.meta.dirname, "../../../../prisma/migrations");

/** Prisma's own bookkeeping, so that its tools can take over from this runner. */
const bookkeeping = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" VARCHAR(36) PRIMARY KEY NOT NULL,
  "checksum" VARCHAR(64) NOT NULL,
  "finished_at" TIMESTAMPTZ,
  "migration_name" VARCHAR(255) NOT NULL,
  "logs" TEXT,
  "rolled_back_at" TIMESTAMPTZ,
  "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
  "applied_steps_count" INTEGER NOT NULL DEFAULT 0
)`;

/** The key Prisma's migrate takes, so that the two exclude each other. */
const advisoryLock = 72_707_369;

export function readMigrations(directory = migrationsDir): readonly Migration[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted()
    .map((name) => {
      const sql = readFileSync(join(directory, name, "migration.sql"), "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    });
}

async function appliedChecksums(connection: SqlConnection): Promise<ReadonlyMap<string, string>> {
  const [table] = await connection.rows(
    `SELECT to_regclass('"_prisma_migrations"') IS NOT NULL AS present`,
  );
  if (table?.["present"] !== true) return new Map();
  const rows = await connection.rows(
    `SELECT migration_name, checksum FROM "_prisma_migrations" WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`,
  );
  return new Map(rows.map((row) => [String(row["migration_name"]), String(row["checksum"])]));
}

/** Names of migrations this version brings and the database lacks. Throws when an applied one was edited since. */
export async function missingMigrations(
  connection: SqlConnection,
  migrations = readMigrations(),
): Promise<readonly string[]> {
  const applied = await appliedChecksums(connection);
  for (const { name, checksum } of migrations) {
    const known = applied.get(name);
    if (known !== undefined && known !== checksum)
      throw new Error(
        `Migration ${name} was changed after it had been applied to this database. Restore the file, or begin with an empty database.`,
      );
  }
  return migrations.filter(({ name }) => !applied.has(name)).map(({ name }) => name);
}

async function applyOne(connection: SqlConnection, migration: Migration): Promise<void> {
  await connection.script("BEGIN");
  try {
    await connection.script(migration.sql);
    await connection.rows(
      `INSERT INTO "_prisma_migrations" (id, checksum, finished_at, migration_name, applied_steps_count) VALUES ($1, $2, now(), $3, 1)`,
      [randomUUID(), migration.checksum, migration.name],
    );
    await connection.script("COMMIT");
  } catch (error) {
    await connection.script("ROLLBACK");
    throw new Error(
      `Migration ${migration.name} could not be applied; the database is as it was before.`,
      {
        cause: error,
      },
    );
  }
}

/** Brings the database up to this version, one migration per transaction. Safe to run from several processes. */
export async function applyMigrations(
  connection: SqlConnection,
  migrations = readMigrations(),
): Promise<readonly string[]> {
  await connection.rows("SELECT pg_advisory_lock($1)", [advisoryLock]);
  try {
    await connection.script(bookkeeping);
    const missing = new Set(await missingMigrations(connection, migrations));
    for (const migration of migrations)
      if (missing.has(migration.name)) await applyOne(connection, migration);
    return [...missing];
  } finally {
    await connection.rows("SELECT pg_advisory_unlock($1)", [advisoryLock]);
  }
}
