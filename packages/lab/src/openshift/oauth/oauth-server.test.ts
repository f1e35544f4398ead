import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OAuthAccessToken, UserOAuthAccessToken } from "@drover/crds";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startLabCluster, type LabCluster } from "../../velero/testing/lab-cluster.ts";
import { installOpenshiftKinds } from "../install-kinds.ts";
import { openshiftRoutes } from "../routes/openshift-routes.ts";
import { storedName, tokenName } from "./access-tokens.ts";
import { startOAuthServer, type OAuthServer } from "./oauth-server.ts";

const redirectUri = "http://localhost:3000/api/auth/callback";
const accounts = [
  { username: "admin", password: "admin", groups: ["system:masters"], fullName: "Administrator" },
  { username: "dev", password: "dev", groups: [] },
];
let dataDir: string;
let lab: LabCluster;
let oauth: OAuthServer;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "oauth-"));
  lab = await startLabCluster("host", {
    authenticateToken: async (token) => oauth.authenticateToken(token),
    extraRoutes: openshiftRoutes({ cluster: () => lab.cluster, oauth: () => oauth }),
  });
  await installOpenshiftKinds(lab.cluster);
  oauth = await startOAuthServer({
    cluster: lab.cluster,
    port: 0,
    accounts,
    dataDir,
    redirectUris: [redirectUri],
  });
});

afterAll(async () => {
  await oauth.close();
  await lab.close();
  await rm(dataDir, { recursive: true });
});

type Started = { readonly url: string; readonly verifier: string };

function authorizeUrl(changes: Record<string, string> = {}): Started {
  const verifier = randomBytes(32).toString("base64url");
  const query = new URLSearchParams({
    response_type: "code",
    client_id: "drover",
    redirect_uri: redirectUri,
    state: "the state",
    scope: "user:full",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
    ...changes,
  });
  return { url: `${oauth.issuer}/oauth/authorize?${query}`, verifier };
}

async function submit(
  url: string,
  { username, password }: { username: string; password: string },
): Promise<Response> {
  const page = await fetch(url);
  const html = await page.text();
  const csrf = /name="csrf" value="([^"]+)"/.exec(html)?.[1] ?? "";
  const cookie = (page.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  return fetch(url, {
    method: "POST",
    redirect: "manual",
    headers: { cookie },
    body: new URLSearchParams({ username, password, csrf }),
  });
}

async function redeem(code: string, changes: Record<string, string> = {}): Promise<Response> {
  return fetch(`${oauth.issuer}/oauth/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "authorization_code",
      code,
      redirect_uri: redirectUri,
      client_id: "drover",
      client_secret: oauth.clientSecret,
      ...changes,
    }),
  });
}

async function codeFor(user: string): Promise<{ code: string; verifier: string }> {
  const { url, verifier } = authorizeUrl();
  const answer = await submit(url, { username: user, password: user });
  expect(answer.status).toBe(303);
  const target = new URL(answer.headers.get("location") ?? "");
  expect(target.origin + target.pathname).toBe(redirectUri);
  expect(target.searchParams.get("state")).toBe("the state");
  return { code: target.searchParams.get("code") ?? "", verifier };
}

async function signIn(user: string): Promise<string> {
  const { code, verifier } = await codeFor(user);
  const answer = await redeem(code, { code_verifier: verifier });
  const body = (await answer.json()) as { access_token: string };
  expect(body).toMatchObject({ token_type: "Bearer", expires_in: 86_400 });
  return body.access_token;
}

async function whoAmI(token: string): Promise<{ status: number; body: unknown }> {
  const path = "/apis/user.openshift.io/v1/users/~";
  // fetch cannot be given a certificate authority here, so the request goes through the lab's own client.
  const { request } = await import("node:https");
  return new Promise((resolve, reject) => {
    const asked = request(
      lab.server.url + path,
      { ca: lab.server.caPem, headers: { authorization: `Bearer ${token}` } },
      (response) => {
        let text = "";
        response.on("data", (piece: Buffer) => (text += piece.toString()));
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) }),
        );
      },
    );
    asked.on("error", reject);
    asked.end();
  });
}

test("signs a person in and gives a token the cluster accepts", async () => {
  const token = await signIn("admin");
  expect(token).toMatch(/^sha256~[A-Za-z0-9_-]{43}$/);
  const me = await whoAmI(token);
  expect(me.status).toBe(200);
  expect(me.body).toMatchObject({
    kind: "User",
    metadata: { name: "admin" },
    fullName: "Administrator",
    groups: ["system:masters"],
  });
});

test("keeps only the hash of a token", async () => {
  const token = await signIn("dev");
  const name = storedName(tokenName(token)) ?? "";
  const kept = await lab.cluster.get(OAuthAccessToken, { name });
  expect(kept).toMatchObject({ userName: "dev", clientName: "drover", scopes: ["user:full"] });
  expect(JSON.stringify(await lab.cluster.list(OAuthAccessToken))).not.toContain(token.slice(7));
});

test("signs out by deleting the token as its owner, and lets nobody else do it", async () => {
  const [mine, theirs] = [await signIn("dev"), await signIn("admin")];
  const asDev = lab.connectAs(mine);
  const foreign = await asDev.delete(UserOAuthAccessToken, { name: tokenName(theirs) });
  expect(foreign).toBe(false);
  expect((await whoAmI(theirs)).status).toBe(200);
  await asDev.delete(UserOAuthAccessToken, { name: tokenName(mine) });
  await expect.poll(async () => (await whoAmI(mine)).status).toBe(401);
});

test("shows the form again with a reason when the password is wrong", async () => {
  const answer = await submit(authorizeUrl().url, { username: "admin", password: "nope" });
  expect(answer.status).toBe(401);
  const html = await answer.text();
  expect(html).toContain("The username or the password is wrong.");
  expect(html).toContain('value="admin"');
  expect(html).not.toContain("nope");
});

test("refuses a form that did not come from its own page", async () => {
  const { url } = authorizeUrl();
  const answer = await fetch(url, {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams({ username: "admin", password: "admin", csrf: "made up" }),
  });
  expect(answer.status).toBe(403);
  expect(answer.headers.get("location")).toBeNull();
});

test("never sends anybody to an address that is not registered", async () => {
  const redirects = [`${redirectUri}/`, `${redirectUri}?x=1`, "https://elsewhere.example/"];
  for (const redirect_uri of redirects) {
    const answer = await fetch(authorizeUrl({ redirect_uri }).url, { redirect: "manual" });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain("is not registered for the address");
  }
  const unknown = await fetch(authorizeUrl({ client_id: "<b>nobody" }).url);
  expect(unknown.status).toBe(400);
  expect(await unknown.text()).not.toContain("<b>");
});

test("tells the client when it asks for what is not served", async () => {
  const wrong = [
    { response_type: "token" },
    { code_challenge_method: "plain" },
    { scope: "user:list-projects" },
  ];
  const errors = [];
  for (const changes of wrong) {
    const answer = await fetch(authorizeUrl(changes).url, { redirect: "manual" });
    const target = new URL(answer.headers.get("location") ?? "");
    expect(target.searchParams.get("state")).toBe("the state");
    errors.push(target.searchParams.get("error"));
  }
  expect(errors).toEqual(["unsupported_response_type", "invalid_request", "invalid_scope"]);
});

test("exchanges a code once, and revokes its token when it is used again", async () => {
  const { code, verifier } = await codeFor("dev");
  const first = await redeem(code, { code_verifier: verifier });
  const { access_token: token } = (await first.json()) as { access_token: string };
  const second = await redeem(code, { code_verifier: verifier });
  expect(await second.json()).toMatchObject({ error: "invalid_grant" });
  await expect.poll(() => oauth.authenticateToken(token)).toBeUndefined();
});

test("refuses a wrong verifier, a wrong secret and a code of another address", async () => {
  const wrongVerifier = await redeem((await codeFor("dev")).code, { code_verifier: "wrong" });
  expect(await wrongVerifier.json()).toMatchObject({ error: "invalid_grant" });
  const { code, verifier } = await codeFor("dev");
  const wrongSecret = await redeem(code, { code_verifier: verifier, client_secret: "x" });
  expect(wrongSecret.status).toBe(401);
  const elsewhere = { code_verifier: verifier, redirect_uri: "http://127.0.0.1:3000/" };
  expect(await (await redeem(code, elsewhere)).json()).toMatchObject({ error: "invalid_grant" });
});

test("accepts the client's secret in the Authorization header", async () => {
  const { code, verifier } = await codeFor("dev");
  const answer = await fetch(`${oauth.issuer}/oauth/token`, {
    method: "POST",
    headers: {
      authorization: `Basic ${Buffer.from(`drover:${oauth.clientSecret}`).toString("base64")}`,
    },
    body: new URLSearchParams({
      grant_type: "authorization_code",
      code,
      redirect_uri: redirectUri,
      code_verifier: verifier,
    }),
  });
  expect(answer.status).toBe(200);
});

test("serves a page that runs no script and posts only home and to the client", async () => {
  const page = await fetch(authorizeUrl().url);
  const policy = page.headers.get("content-security-policy") ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("form-action 'self' http://localhost:3000");
  expect(policy).not.toContain("unsafe");
  expect(await page.text()).not.toContain("<script");
});

test("forgets a token when its day is over", async () => {
  let now = Date.now();
  const other = await startOAuthServer({
    cluster: lab.cluster,
    port: 0,
    accounts,
    dataDir,
    redirectUris: [redirectUri],
    now: () => now,
  });
  const token = await signIn("dev");
  expect(await other.authenticateToken(token)).toMatchObject({ username: "dev" });
  now = Date.now() + 86_400_000;
  expect(await other.authenticateToken(token)).toBeUndefined();
  await other.close();
});
