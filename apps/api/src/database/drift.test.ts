import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import { PrismaPGlite } from "pglite-prisma-adapter";
import { expect, test } from "vitest";
import { migrationsDir, readMigrations } from "./migrate.ts";

type SchemaEngine = {
  readonly diff: (
    request: object,
  ) => Promise<{ readonly exitCode: number; readonly stdout: string | null }>;
};
type EngineModule = {
  readonly __wbg_set_wasm: (exports: unknown) => void;
  readonly SchemaEngine: {
    readonly new: (options: object, log: () => void, adapter: object) => Promise<SchemaEngine>;
  };
};

/** Prisma's own schema engine. Its package imports WebAssembly in a way Node does not do, so it is loaded by hand. */
async function openSchemaEngine(datamodels: readonly (readonly [string, string])[]) {
  const require = createRequire(import.meta.url);
  const path = require.resolve("@prisma/schema-engine-wasm/schema_engine_bg");
  const engine = (await import(path)) as EngineModule;
  const { WebAssembly } = globalThis as unknown as {
    WebAssembly: {
      instantiate: (
        bytes: Uint8Array,
        imports: object,
      ) => Promise<{ instance: { exports: { __wbindgen_start: () => void } } }>;
    };
  };
  const bytes = readFileSync(join(path, "../schema_engine_bg.wasm"));
  const { instance } = await WebAssembly.instantiate(bytes, { "./schema_engine_bg.js": engine });
  engine.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  const factory = new PrismaPGlite(new PGlite());
  const adapter = bindMigrationAwareSqlAdapterFactory(
    factory as unknown as Parameters<typeof bindMigrationAwareSqlAdapterFactory>[0],
  );
  return engine.SchemaEngine.new({ datamodels }, () => undefined, adapter);
}

test("brings the database to exactly what the schema says", async () => {
  const path = "prisma/schema.prisma";
  const content = readFileSync(join(migrationsDir, "../schema.prisma"), "utf8");
  const engine = await openSchemaEngine([[path, content]]);
  const difference = await engine.diff({
    from: {
      tag: "migrations",
      baseDir: migrationsDir,
      lockfile: { path: "migration_lock.toml", content: 'provider = "postgresql"\n' },
      shadowDbInitScript: "",
      migrationDirectories: readMigrations().map(({ name, sql }) => ({
        path: name,
        migrationFile: { path: "migration.sql", content: { tag: "ok", value: sql } },
      })),
    },
    to: { tag: "schemaDatamodel", files: [{ path, content }] },
    script: true,
    exitCode: true,
    filters: { externalTables: [], externalEnums: [] },
  });
  expect(difference.stdout ?? "").not.toMatch(/CREATE|ALTER|DROP/);
  expect(difference.exitCode).toBe(0);
});
