import { mkdirSync } from "node:fs";
import { join } from "node:path";
import v8 from "node:v8";
import { PGlite } from "@electric-sql/pglite";
import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { PrismaPGlite } from "pglite-prisma-adapter";
import { PrismaClient } from "../generated/client.ts";
import { lockDirectory } from "./directory-lock.ts";
import { applyMigrations, missingMigrations } from "./migrate.ts";
import type { SqlConnection } from "./sql-connection.ts";

export type Database = {
  readonly prisma: PrismaClient;
  /** `PostgreSQL` or `PGlite`; for messages. */
  readonly engine: string;
  readonly migrate: () => Promise<readonly string[]>;
  readonly missingMigrations: () => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
};

/** For one person's console the defaults of a server are too much: they keep 128 MiB of buffers resident. */
const smallServer = ["shared_buffers=4MB", "wal_buffers=256kB", "max_connections=4"];

async function openEmbedded(stateDir: string): Promise<Database> {
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  const lock = lockDirectory(join(stateDir, "db.lock"));
  // The optimising compiler keeps some 300 MiB for code that runs a few times a minute.
  v8.setFlagsFromString("--liftoff-only");
  try {
    const server = await PGlite.create(join(stateDir, "db"), {
      startParams: [
        ...PGlite.defaultStartParams,
        ...smallServer.flatMap((setting) => ["-c", setting]),
      ],
    });
    const connection: SqlConnection = {
      script: async (sql) => void (await server.exec(sql)),
      rows: async (sql, values = []) =>
        (await server.query<Record<string, unknown>>(sql, [...values])).rows,
    };
    const prisma = new PrismaClient({ adapter: new PrismaPGlite(server) });
    return {
      prisma,
      engine: "PGlite",
      migrate: () => applyMigrations(connection),
      missingMigrations: () => missingMigrations(connection),
      close: async () => {
        await prisma.$disconnect();
        if (!server.closed) await server.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Runs on one connection of its own, because an advisory lock belongs to a connection. */
async function withServer<T>(
  url: string,
  run: (connection: SqlConnection) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await run({
      script: async (sql) => void (await client.query(sql)),
      rows: async (sql, values = []) =>
        (await client.query<Record<string, unknown>>(sql, [...values])).rows,
    });
  } finally {
    await client.end();
  }
}

function openServer(url: string): Database {
  const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: url, max: 10 }) });
  return {
    prisma,
    engine: "PostgreSQL",
    migrate: () => withServer(url, (connection) => applyMigrations(connection)),
    missingMigrations: () => withServer(url, (connection) => missingMigrations(connection)),
    close: () => prisma.$disconnect(),
  };
}

/** PostgreSQL when a URL names one, else an embedded database in the state directory. */
export async function openDatabase(options: {
  readonly url: string | undefined;
  readonly stateDir: string;
}): Promise<Database> {
  return options.url === undefined ? openEmbedded(options.stateDir) : openServer(options.url);
}
