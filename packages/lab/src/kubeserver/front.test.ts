import { once } from "node:events";
import { createServer, get } from "node:https";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import type { ExtraRoute } from "../apiserver/api-server-options.ts";
import { createAuthority, issueCertificate } from "../tls/certificate-authority.ts";
import { startFront } from "./front.ts";

const authority = await createAuthority("front");
const tls = await issueCertificate(authority, { commonName: "front", hosts: ["127.0.0.1"] });

const whoami: ExtraRoute = {
  prefix: "/whoami",
  access: "authenticated",
  handle: ({ response, user }) => void response.end(user.username),
};
const open: ExtraRoute = {
  prefix: "/open",
  access: "anyone",
  handle: ({ response, user }) => void response.end(user.username),
};

type Behind = Parameters<typeof createServer>[1];

async function frontBefore(behind: NonNullable<Behind>) {
  const server = createServer({ cert: tls.certPem, key: tls.keyPem }, behind);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const front = await startFront({
    port: 0,
    tls,
    target: { url: `https://127.0.0.1:${port}`, caPem: authority.certPem },
    routes: [whoami, open],
    reviewToken: async (token) =>
      token === "good" ? { username: "ada", groups: ["system:authenticated"] } : undefined,
  });
  const stop = (): void => {
    server.close();
    server.closeAllConnections();
  };
  onTestFinished(async () => {
    await front.close();
    stop();
  });
  return { front, stop };
}

async function ask(url: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  const asked = get(url, { ca: authority.certPem, headers, agent: false });
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  return answer;
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of answer as AsyncIterable<Buffer>) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

test("what is not OpenShift's passes through with its headers, both ways", async () => {
  const { front } = await frontBefore((request, response) => {
    response.setHeader("warning", ["299 - one", "299 - two"]);
    response.statusCode = 418;
    response.end(`${request.url} as ${request.headers.authorization}`);
  });
  const answer = await ask(`${front.url}/api/v1/pods?limit=1`, { authorization: "Bearer any" });
  expect(answer.statusCode).toBe(418);
  expect(answer.headers["warning"]).toBe("299 - one, 299 - two");
  expect(await textOf(answer)).toBe("/api/v1/pods?limit=1 as Bearer any");
});

test("a watch has begun before its first event, and its end is passed on", async () => {
  let end = (): void => undefined;
  const { front } = await frontBefore((_request, response) => {
    response.writeHead(200);
    response.flushHeaders();
    end = () => void response.end('{"type":"ADDED"}\n');
  });
  const answer = await ask(`${front.url}/api/v1/pods?watch=true`);
  expect(answer.statusCode).toBe(200);
  end();
  expect(await textOf(answer)).toBe('{"type":"ADDED"}\n');
});

test("a reader that leaves takes the watch behind with it", async () => {
  const left = Promise.withResolvers<void>();
  const { front } = await frontBefore((_request, response) => {
    response.on("close", () => left.resolve());
    response.writeHead(200);
    response.flushHeaders();
  });
  (await ask(`${front.url}/api/v1/pods?watch=true`)).destroy();
  await expect(left.promise).resolves.toBeUndefined();
});

test("OpenShift's paths are answered to whom they are for", async () => {
  const { front } = await frontBefore((_request, response) => void response.end("behind"));
  const signedIn = await ask(`${front.url}/whoami`, { authorization: "Bearer good" });
  expect(await textOf(signedIn)).toBe("ada");
  expect((await ask(`${front.url}/whoami`, { authorization: "Bearer bad" })).statusCode).toBe(401);
  expect((await ask(`${front.url}/whoami`)).statusCode).toBe(403);
  expect(await textOf(await ask(`${front.url}/open`))).toBe("system:anonymous");
  const posing = { authorization: "Bearer good", "impersonate-user": "root" };
  expect((await ask(`${front.url}/whoami`, posing)).statusCode).toBe(403);
  expect(await textOf(await ask(`${front.url}/whoamiandmore`))).toBe("behind");
});

test("a server behind that is gone is named, not hidden", async () => {
  const { front, stop } = await frontBefore((_request, response) => void response.end());
  stop();
  const answer = await ask(`${front.url}/api`);
  expect(answer.statusCode).toBe(503);
  expect(await textOf(answer)).toContain("kube-apiserver does not answer");
});
