import { expect, onTestFinished, test } from "vitest";
import { startTokenReviewer } from "./token-review.ts";

async function reviewer(): Promise<string> {
  const running = await startTokenReviewer(async (token) =>
    token === "good" ? { username: "ada", uid: "7", groups: ["writers"] } : undefined,
  );
  onTestFinished(() => running.close());
  return running.url;
}

const ask = (url: string, body: unknown): Promise<Response> =>
  fetch(url, { method: "POST", body: JSON.stringify(body) });

test("a token is reviewed as Kubernetes asks it", async () => {
  const url = await reviewer();
  const good = await ask(`${url}?timeout=30s`, { spec: { token: "good" } });
  expect(await good.json()).toMatchObject({
    kind: "TokenReview",
    status: { authenticated: true, user: { username: "ada", uid: "7", groups: ["writers"] } },
  });
  const bad = await ask(url, { spec: { token: "bad" } });
  expect(await bad.json()).toMatchObject({ status: { authenticated: false } });
});

test("who does not know the secret path cannot try tokens", async () => {
  const { origin } = new URL(await reviewer());
  expect((await ask(origin, { spec: { token: "good" } })).status).toBe(404);
});

test("what is no review is refused", async () => {
  const url = await reviewer();
  expect((await ask(url, { spec: {} })).status).toBe(400);
  const broken = await fetch(url, { method: "POST", body: "{" });
  expect(broken.status).toBe(500);
});
