import type { AuditEntry, AuditPage } from "@drover/contract";
import type { Prisma, PrismaClient } from "../generated/client.ts";
import { AppError } from "../app-error.ts";
import { auditHash, beginning } from "./audit-hash.ts";
import type { AuditRow } from "./audit-hash.ts";

export type NewAuditRow = {
  readonly actor: string;
  readonly action: string;
  readonly object: string;
  readonly address: string;
  readonly requestId: string;
  readonly decision: AuditEntry["decision"];
  readonly outcome: AuditEntry["outcome"];
  readonly detail?: string;
  /** The sequence of the row whose outcome this one tells. */
  readonly outcomeOf?: number;
  /** Masked by the caller. */
  readonly payload?: unknown;
};

export type AuditTrail = {
  /** Appends one row and returns its sequence. Throws when it could not be written; then nothing may be done. */
  readonly append: (row: NewAuditRow) => Promise<number>;
  readonly readPage: (page: number, perPage: number) => Promise<AuditPage>;
  /** The sequence of the first row whose hash does not fit, undefined when the chain is whole. */
  readonly findBreak: () => Promise<number | undefined>;
};

/** Excludes other processes on the same database while the end of the chain is read and written. */
const chainLock = 7_210_413;
const pageSize = 1000;

function rowFrom(row: NewAuditRow, at: Date): AuditRow {
  const { detail, outcomeOf, payload, ...rest } = row;
  return {
    ...rest,
    at,
    detail: detail?.slice(0, 2000) ?? null,
    outcomeOf: outcomeOf ?? null,
    payload: payload ?? null,
  };
}

async function appendToChain(prisma: PrismaClient, row: AuditRow): Promise<number> {
  return prisma.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(${chainLock}::bigint)`;
    const last = await tx.auditEntry.findFirst({
      orderBy: { sequence: "desc" },
      select: { hash: true },
    });
    const previousHash = last?.hash ?? beginning;
    const { payload, ...columns } = row;
    const created = await tx.auditEntry.create({
      data: {
        ...columns,
        ...(payload === null ? {} : { payload: payload as Prisma.InputJsonValue }),
        previousHash,
        hash: auditHash(previousHash, row),
      },
      select: { sequence: true },
    });
    return created.sequence;
  });
}

type StoredRow = Awaited<ReturnType<PrismaClient["auditEntry"]["findFirstOrThrow"]>>;

/** An announcement together with what came of it. */
function entryFrom(row: StoredRow, told: StoredRow | undefined): AuditEntry {
  const detail = told?.detail ?? row.detail;
  return {
    id: String(row.sequence),
    at: row.at.toISOString(),
    actor: row.actor,
    action: row.action,
    object: row.object,
    address: row.address,
    requestId: row.requestId,
    decision: row.decision as AuditEntry["decision"],
    outcome: (told?.outcome ?? row.outcome) as AuditEntry["outcome"],
    ...(detail === null ? {} : { detail }),
    hash: row.hash,
  };
}

async function readPage(prisma: PrismaClient, page: number, perPage: number): Promise<AuditPage> {
  const where = { outcomeOf: null };
  const [total, rows] = await Promise.all([
    prisma.auditEntry.count({ where }),
    prisma.auditEntry.findMany({
      where,
      orderBy: { sequence: "desc" },
      skip: (page - 1) * perPage,
      take: perPage,
    }),
  ]);
  const outcomes = await prisma.auditEntry.findMany({
    where: { outcomeOf: { in: rows.map((row) => row.sequence) } },
  });
  const outcomeOf = new Map(outcomes.map((row) => [row.outcomeOf, row]));
  return { items: rows.map((row) => entryFrom(row, outcomeOf.get(row.sequence))), total };
}

async function findBreak(prisma: PrismaClient): Promise<number | undefined> {
  let previousHash = beginning;
  let after = 0;
  for (;;) {
    const rows = await prisma.auditEntry.findMany({
      where: { sequence: { gt: after } },
      orderBy: { sequence: "asc" },
      take: pageSize,
    });
    for (const row of rows) {
      const isWhole =
        row.previousHash === previousHash && auditHash(previousHash, row) === row.hash;
      if (!isWhole) return row.sequence;
      previousHash = row.hash;
      after = row.sequence;
    }
    if (rows.length < pageSize) return undefined;
  }
}

export function openAuditTrail(prisma: PrismaClient, now: () => number = Date.now): AuditTrail {
  return {
    append: async (row) => {
      try {
        return await appendToChain(prisma, rowFrom(row, new Date(now())));
      } catch (cause) {
        throw new AppError("NOT_READY", "The audit trail cannot be written, so nothing was done.", {
          cause,
        });
      }
    },
    readPage: (page, perPage) => readPage(prisma, page, perPage),
    findBreak: () => findBreak(prisma),
  };
}
