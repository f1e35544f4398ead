import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import Fastify from "fastify";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openConsoleFiles } from "./console-files.ts";
import { pageFinder } from "./find-page.ts";
import { consoleRoutes } from "./routes.ts";

const inline = 'self.__next_f.push([1,"<b>"])';
const page = (title: string): string =>
  `<!doctype html><title>${title}</title><script src="/_next/a.js"></script><script>${inline}</script>`;
const files: Record<string, string> = {
  "index.html": page("home"),
  "plans.html": page("plans"),
  "plans/new.html": page("new plan"),
  "plans/_.html": page("one plan"),
  "plans/_.txt": "data of one plan",
  "plans/_/migrations/_.html": page("one run"),
  "404.html": page("not found"),
  "_next/static/chunks/main-abc.js": "console.log(1);".repeat(100),
};

let root: string;
const app = Fastify();

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "drover-console-"));
  await app.register(consoleRoutes(openConsoleFiles(join(root, "out"))));
});

afterAll(async () => {
  await app.close();
  await rm(root, { recursive: true });
});

const get = (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers });

test("says to build the console, and serves it as soon as it is built", async () => {
  expect((await get("/")).statusCode).toBe(503);
  for (const [path, text] of Object.entries(files)) {
    const target = join(root, "out", path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text);
  }
  const home = await get("/");
  expect(home.statusCode).toBe(200);
  expect(home.body).toContain("<title>home");
  expect(home.headers["cache-control"]).toBe("no-cache");
});

test.each([
  ["/plans", "<title>plans"],
  ["/plans/", "<title>plans"],
  ["/plans/new", "<title>new plan"],
  ["/plans/ledger", "<title>one plan"],
  ["/plans/ledger.v2", "<title>one plan"],
  ["/plans/ledger.txt?_rsc=1", "data of one plan"],
  ["/plans/ledger/migrations/stage-1", "<title>one run"],
])("finds the page of %s", async (url, text) => {
  const response = await get(url);
  expect(response.statusCode).toBe(200);
  expect(response.body).toContain(text);
});

test.each(["/nothing", "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/plans/a/b/c"])(
  "serves nothing but the console: %s",
  async (url) => {
    const response = await get(url);
    expect(response.statusCode).toBe(404);
    expect(response.body).toContain("<title>not found");
  },
);

test("allows the scripts of the page and no others", async () => {
  const policy = String((await get("/plans")).headers["content-security-policy"]);
  const hash = createHash("sha256").update(inline).digest("base64");
  expect(policy).toContain(`script-src 'self' 'sha256-${hash}';`);
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/script-src[^;]*unsafe/);
});

test("compresses, keeps hashed files for ever, and confirms what has not changed", async () => {
  const url = "/_next/static/chunks/main-abc.js";
  const plain = await get(url);
  const brotli = await get(url, { "accept-encoding": "gzip, br" });
  const gzip = await get(url, { "accept-encoding": "gzip, br;q=0" });
  expect(brotliDecompressSync(brotli.rawPayload).toString()).toBe(plain.body);
  expect(gunzipSync(gzip.rawPayload).toString()).toBe(plain.body);
  expect(plain.headers["cache-control"]).toContain("immutable");
  const again = await get(url, { "if-none-match": String(plain.headers.etag) });
  expect(again.statusCode).toBe(304);
});

test("prefers the page that names more of the path", () => {
  const find = pageFinder(["_/_.html", "plans/_.html", "_/edit.html"]);
  expect(find("/plans/x")).toBe("plans/_.html");
  expect(find("/hooks/edit")).toBe("_/edit.html");
  expect(find("/hooks/x")).toBe("_/_.html");
});
