import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserOAuthAccessToken } from "@drover/crds";
import { connect } from "@drover/kube";
import { startLab } from "@drover/lab";
import type { Lab } from "@drover/lab";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp } from "../testing/test-app.ts";
import type { TestApp } from "../testing/test-app.ts";

const origin = "http://localhost:3000";
let labDir: string;
let lab: Lab;
let app: TestApp;

beforeAll(async () => {
  labDir = await mkdtemp(join(tmpdir(), "drover-lab-"));
  lab = await startLab({
    stateDir: labDir,
    clusters: ["host"],
    seed: { workloads: false },
    redirectUris: [`${origin}/api/auth/callback`, "http://127.0.0.1:3000/api/auth/callback"],
  });
  const host = lab.cluster("host");
  app = await startTestApp(
    { ...host, server: host },
    {
      config: {
        oauthClient: () => ({ clientId: "drover", clientSecret: lab.oauth?.clientSecret ?? "" }),
      },
    },
  );
});

afterAll(async () => {
  await app.close();
  await lab.close();
  await rm(labDir, { recursive: true, force: true });
});

type Jar = Map<string, string>;

function cookieHeader(jar: Jar): string {
  return [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
}

function keep(jar: Jar, lines: string | readonly string[] | undefined): void {
  for (const line of [lines ?? []].flat()) {
    const [pair = ""] = line.split(";");
    const [name = "", value = ""] = pair.split("=");
    if (value === "") jar.delete(name);
    else jar.set(name, value);
  }
}

const visit = async (jar: Jar, url: string, host = "localhost:3000") => {
  const response = await app.server.inject({ url, headers: { host, cookie: cookieHeader(jar) } });
  keep(jar, response.headers["set-cookie"]);
  return response;
};

/** Fills in the OAuth server's form as a person would, and returns where it sends the browser. */
async function fillIn(authorize: string, username: string, password: string): Promise<string> {
  const page = await fetch(authorize);
  const csrf = /name="csrf"[^>]*value="([^"]*)"/.exec(await page.text())?.[1] ?? "";
  const answer = await fetch(authorize, {
    method: "POST",
    redirect: "manual",
    headers: {
      cookie: page.headers
        .getSetCookie()
        .map((line) => line.split(";")[0])
        .join("; "),
    },
    body: new URLSearchParams({ username, password, csrf }),
  });
  return answer.headers.get("location") ?? "";
}

async function signIn(jar: Jar, returnTo = "/plans"): Promise<Awaited<ReturnType<typeof visit>>> {
  const begun = await visit(jar, `/api/auth/login?returnTo=${encodeURIComponent(returnTo)}`);
  const callback = await fillIn(String(begun.headers.location), "admin", "admin");
  return visit(jar, callback.slice(origin.length));
}

test("signs a person in through the cluster's OAuth server and goes back where they were", async () => {
  const jar: Jar = new Map();
  const begun = await visit(jar, "/api/auth/login?returnTo=%2Fplans%3Fpage%3D2");
  const authorize = new URL(String(begun.headers.location));
  expect(authorize.searchParams.get("code_challenge_method")).toBe("S256");
  expect(authorize.searchParams.get("state")).toHaveLength(43);
  expect(String(begun.headers["set-cookie"])).toMatch(/drover-sign-in=.*HttpOnly; SameSite=Lax/);

  const callback = await fillIn(authorize.href, "admin", "admin");
  const hop = await visit(jar, callback.slice(origin.length));
  expect(String(hop.headers["set-cookie"])).toMatch(/drover-session=.*HttpOnly; SameSite=Strict/);
  expect(hop.body).toContain('content="0;url=/plans?page=2"');

  const session = await visit(jar, "/api/session");
  expect(session.json()).toMatchObject({ user: { name: "admin" }, product: { lab: true } });
  expect(session.json().permissions["migrations.write"]).toEqual({ allowed: true });
});

test("keeps the cluster's token from the browser, the log and the database", async () => {
  const jar: Jar = new Map();
  const hop = await signIn(jar);
  const session = await app.services.sessions.find(jar.get("drover-session") ?? "");
  const token = session?.token ?? "";
  expect(token).toMatch(/^sha256~/);
  const seen = JSON.stringify([hop.headers, hop.body, (await visit(jar, "/api/session")).body]);
  const rows = JSON.stringify(await app.services.database.prisma.session.findMany());
  for (const place of [seen, rows, app.logs.join("")]) expect(place).not.toContain(token);
  expect(app.logs.join("")).not.toContain("code=");
});

test("uses an answer once, and only in the browser that asked", async () => {
  const jar: Jar = new Map();
  const begun = await visit(jar, "/api/auth/login");
  const callback = (await fillIn(String(begun.headers.location), "admin", "admin")).slice(
    origin.length,
  );
  const elsewhere = await visit(new Map(), callback);
  expect(elsewhere.headers.location).toBe("/sign-in?error=expired");
  const cookie = new Map(jar);
  expect((await visit(jar, callback)).statusCode).toBe(200);
  expect((await visit(cookie, callback)).headers.location).toBe("/sign-in?error=expired");
});

test("refuses a forged state and tells of a refusal", async () => {
  const jar: Jar = new Map();
  await visit(jar, "/api/auth/login");
  const forged = await visit(jar, "/api/auth/callback?code=x&state=forged");
  expect(forged.headers.location).toBe("/sign-in?error=failed");
  const other: Jar = new Map();
  const begun = await visit(other, "/api/auth/login");
  const state = new URL(String(begun.headers.location)).searchParams.get("state");
  const denied = await visit(other, `/api/auth/callback?error=access_denied&state=${state}`);
  expect(denied.headers.location).toBe("/sign-in?error=denied");
});

test("gives a new session at each sign-in and ends the one before", async () => {
  const jar: Jar = new Map([["drover-session", "planted-by-somebody"]]);
  await signIn(jar);
  const first = jar.get("drover-session") ?? "";
  expect(first).not.toBe("planted-by-somebody");
  await signIn(jar);
  expect(jar.get("drover-session")).not.toBe(first);
  expect(await app.services.sessions.find(first)).toBeUndefined();
});

test("revokes the cluster's token at sign-out", async () => {
  const jar: Jar = new Map();
  await signIn(jar);
  const cookie = jar.get("drover-session") ?? "";
  const session = await app.services.sessions.find(cookie);
  const { url, caPem } = lab.cluster("host");
  const person = connect({ url, caPem, token: session?.token ?? "" });
  const before = await person.list(UserOAuthAccessToken);
  const response = await app.server.inject({
    method: "POST",
    url: "/api/session/sign-out",
    payload: {},
    headers: {
      host: "localhost:3000",
      cookie: cookieHeader(jar),
      "x-csrf-token": session?.csrfToken ?? "",
    },
  });
  expect(response.statusCode).toBe(204);
  expect(before.length).toBeGreaterThan(0);
  await expect(person.list(UserOAuthAccessToken)).rejects.toMatchObject({ code: 401 });
  expect((await visit(new Map([["drover-session", cookie]]), "/api/session")).statusCode).toBe(401);
  await person.close();
});

test("shows people their sessions and lets them end one", async () => {
  const here: Jar = new Map();
  const there: Jar = new Map();
  await signIn(here);
  await signIn(there);
  const { csrfToken } = (await visit(here, "/api/session")).json();
  const { items } = (await visit(here, "/api/sessions")).json();
  const other = await app.services.sessions.find(there.get("drover-session") ?? "");
  expect(items.filter(({ current }: { current: boolean }) => current)).toHaveLength(1);
  const response = await app.server.inject({
    method: "DELETE",
    url: `/api/sessions/${other?.publicId}`,
    headers: { host: "localhost:3000", cookie: cookieHeader(here), "x-csrf-token": csrfToken },
  });
  expect(response.statusCode).toBe(204);
  expect((await visit(there, "/api/session")).statusCode).toBe(401);
  expect((await visit(here, "/api/session")).statusCode).toBe(200);
});

test("signs out whoever's token the cluster does not know any more", async () => {
  const jar: Jar = new Map();
  await signIn(jar);
  const session = await app.services.sessions.find(jar.get("drover-session") ?? "");
  const { url, caPem } = lab.cluster("host");
  const person = connect({ url, caPem, token: session?.token ?? "" });
  for (const { metadata } of await person.list(UserOAuthAccessToken))
    await person.delete(UserOAuthAccessToken, { name: metadata.name ?? "" }).catch(() => false);
  const response = await visit(jar, "/api/resources/migplans");
  expect(response.json()).toMatchObject({ code: "UNAUTHENTICATED" });
  expect(await app.services.sessions.find(jar.get("drover-session") ?? "")).toBeUndefined();
  await person.close();
});
