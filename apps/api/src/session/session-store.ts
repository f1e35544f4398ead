import { createHash, randomBytes, randomUUID } from "node:crypto";
import type { PrismaClient } from "../generated/client.ts";
import type { Session as SessionRow } from "../generated/client.ts";
import type { TokenCipher } from "./token-cipher.ts";

/** A signed-in browser, with the cluster token it never sees. */
export type ActiveSession = {
  /** SHA-256 of the cookie. */
  readonly id: string;
  readonly publicId: string;
  readonly userName: string;
  readonly groups: readonly string[];
  readonly token: string;
  readonly csrfToken: string;
  readonly address: string;
  readonly userAgent: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  readonly expiresAt: Date;
};

export type NewSession = {
  readonly userName: string;
  readonly groups: readonly string[];
  readonly token: string;
  readonly tokenLifetimeSeconds: number | undefined;
  readonly address: string;
  readonly userAgent: string;
};

export type SessionStore = {
  readonly create: (session: NewSession) => Promise<{ cookie: string; session: ActiveSession }>;
  readonly find: (cookie: string) => Promise<ActiveSession | undefined>;
  /** Whether it may still be used; asked while a stream is open. */
  readonly isActive: (id: string) => Promise<boolean>;
  readonly listOf: (userName: string) => Promise<readonly ActiveSession[]>;
  readonly end: (id: string) => Promise<void>;
  readonly onEnd: (listener: (id: string) => void) => () => void;
  readonly deleteExpired: () => Promise<number>;
};

const minute = 60_000;
const idleMs = 8 * 60 * minute;
const absoluteMs = 24 * 60 * minute;

export function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

function isUsable(row: Pick<SessionRow, "expiresAt" | "lastUsedAt">, now: number): boolean {
  return row.expiresAt.getTime() > now && row.lastUsedAt.getTime() + idleMs > now;
}

type Making = { readonly id: string; readonly cipher: TokenCipher; readonly now: number };

/** A session lives no longer than its token, nor than a day. */
function newRow(session: NewSession, { id, cipher, now }: Making) {
  const { token, tokenLifetimeSeconds, ...person } = session;
  const lifetimeMs = Math.min(absoluteMs, (tokenLifetimeSeconds ?? Infinity) * 1000);
  return {
    ...person,
    id,
    publicId: randomUUID(),
    groups: [...person.groups],
    encryptedToken: cipher.encrypt(token, id),
    csrfToken: randomBytes(32).toString("base64url"),
    userAgent: person.userAgent.slice(0, 300),
    createdAt: new Date(now),
    lastUsedAt: new Date(now),
    expiresAt: new Date(now + lifetimeMs),
  };
}

type StoreOptions = {
  readonly prisma: PrismaClient;
  readonly cipher: TokenCipher;
  readonly now?: () => number;
};

export function openSessionStore({ prisma, cipher, now = Date.now }: StoreOptions): SessionStore {
  const listeners = new Set<(id: string) => void>();
  const activeFrom = ({ encryptedToken, ...row }: SessionRow): ActiveSession | undefined => {
    const token = cipher.decrypt(encryptedToken, row.id);
    return token === undefined ? undefined : { ...row, token };
  };

  return {
    create: async (person) => {
      const cookie = randomBytes(32).toString("base64url");
      const data = newRow(person, { id: hashOf(cookie), cipher, now: now() });
      const { encryptedToken: _, ...row } = await prisma.session.create({ data });
      return { cookie, session: { ...row, token: person.token } };
    },

    find: async (cookie) => {
      const row = await prisma.session.findUnique({ where: { id: hashOf(cookie) } });
      if (row === null || !isUsable(row, now())) return undefined;
      if (row.lastUsedAt.getTime() + minute < now())
        await prisma.session.updateMany({
          where: { id: row.id },
          data: { lastUsedAt: new Date(now()) },
        });
      return activeFrom(row);
    },

    isActive: async (id) => {
      const row = await prisma.session.findUnique({
        where: { id },
        select: { expiresAt: true, lastUsedAt: true },
      });
      return row !== null && isUsable(row, now());
    },

    listOf: async (userName) => {
      const rows = await prisma.session.findMany({
        where: { userName },
        orderBy: { lastUsedAt: "desc" },
      });
      return rows
        .filter((row) => isUsable(row, now()))
        .map(activeFrom)
        .filter((session) => session !== undefined);
    },

    end: async (id) => {
      await prisma.session.deleteMany({ where: { id } });
      for (const listener of listeners) listener(id);
    },

    onEnd: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    deleteExpired: async () => {
      const ended = await prisma.session.deleteMany({
        where: {
          OR: [
            { expiresAt: { lt: new Date(now()) } },
            { lastUsedAt: { lt: new Date(now() - idleMs) } },
          ],
        },
      });
      await prisma.signInAttempt.deleteMany({ where: { expiresAt: { lt: new Date(now()) } } });
      return ended.count;
    },
  };
}
