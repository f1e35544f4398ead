import { once } from "node:events";
import { createServer as createHttp, request as httpRequest } from "node:http";
import type { IncomingMessage } from "node:http";
import { request as httpsRequest, createServer as createHttps } from "node:https";
import { Route } from "@drover/crds";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { ConfigMap, Service } from "../../node/kinds/cluster-objects.ts";
import { typeOf } from "../../node/kinds/lab-kind.ts";
import { isReady, Pod } from "../../node/kinds/pod.ts";
import type { Program } from "../../node/program.ts";
import { runningLab } from "../../testing/running-lab.ts";
import type { RunningLab } from "../../testing/running-lab.ts";
import { createAuthority, issueCertificate } from "../../tls/certificate-authority.ts";
import type { KeyPair } from "../../tls/certificate-authority.ts";

const namespace = "default";
const patience = { timeout: 60_000, interval: 50 };
const domain = "apps.source.lab.drover.dev";
let running: RunningLab;
let pods: KeyPair;

/** Ends TLS itself, as a pod behind a passthrough route does. */
const secret: Program = async ({ podIP, signal }) => {
  const own = await issueCertificate(pods, { commonName: "secret", hosts: [hostOf("secret")] });
  const server = createHttps({ cert: own.certPem, key: own.keyPem }, (_request, response) =>
    response.end("only the pod can read this\n"),
  ).listen(8443, podIP);
  if (!signal.aborted) await once(signal, "abort");
  server.close();
  server.closeAllConnections();
  return 0;
};

/** Answers what it was asked. */
const mirror: Program = async ({ podIP, signal }) => {
  const server = createHttp((request, response) => {
    const { "x-forwarded-proto": scheme, "x-forwarded-host": host } = request.headers;
    request.on("data", (chunk: Buffer) => response.write(chunk));
    request.on("end", () => response.end(` ${request.method} ${request.url} ${scheme} ${host}`));
  }).listen(8080, podIP);
  if (!signal.aborted) await once(signal, "abort");
  server.close();
  server.closeAllConnections();
  return 0;
};

beforeAll(async () => {
  pods = await createAuthority("pods");
  const programs = { "test/secret": secret, "test/mirror": mirror };
  running = await runningLab({ openshift: true, programs });
  await running.source.create(ConfigMap, {
    ...typeOf(ConfigMap),
    metadata: { name: "pages", namespace },
    data: { hello: "hello there\n" },
  });
  await application("web", "drover.lab/http:1", 8080);
  await application("mirror", "test/mirror", 8080);
  await application("secret", "test/secret", 8443);
  await route("plain", { to: { name: "web" }, port: { targetPort: "main" } });
  await route("plain-mirror", { to: { name: "mirror" }, host: hostOf("plain"), path: "/mirror" });
  await route("ended", { to: { name: "mirror" }, tls: { termination: "edge" } });
  const redirect = { termination: "edge", insecureEdgeTerminationPolicy: "Redirect" } as const;
  await route("moved", { to: { name: "web" }, tls: redirect });
  const passthrough = { termination: "passthrough" } as const;
  await route("secret", { to: { name: "secret" }, port: { targetPort: 8443 }, tls: passthrough });
  await route("nobody", { to: { name: "absent" } });
});
afterAll(() => running.close());

async function application(app: string, image: string, port: number): Promise<void> {
  await running.source.create(Pod, {
    ...typeOf(Pod),
    metadata: { name: app, namespace, labels: { app } },
    spec: {
      terminationGracePeriodSeconds: 1,
      containers: [
        {
          name: "c",
          image,
          readinessProbe: { tcpSocket: { port } },
          volumeMounts: [{ name: "pages", mountPath: "/usr/share/www" }],
        },
      ],
      volumes: [{ name: "pages", configMap: { name: "pages" } }],
    },
  });
  await running.source.create(Service, {
    ...typeOf(Service),
    metadata: { name: app, namespace },
    spec: { selector: { app }, ports: [{ name: "main", port: 80, targetPort: port }] },
  });
  const ready = async () => isReady(await running.source.get(Pod, { namespace, name: app }));
  await vi.waitUntil(ready, patience);
}

async function route(name: string, spec: Route["spec"]): Promise<void> {
  const metadata = { name, namespace };
  await running.source.create(Route, { ...typeOf(Route), metadata, spec } as Route);
  const isAdmitted = async () => {
    const { status } = await running.source.get(Route, metadata);
    return status?.ingress?.[0]?.conditions?.[0]?.status === "True";
  };
  await vi.waitUntil(isAdmitted, patience);
}

function hostOf(name: string): string {
  return `${name}-${namespace}.${domain}`;
}

type Ask = { readonly path?: string; readonly body?: string; readonly ca?: string };
type Answer = { readonly status: number | undefined; readonly text: string; location?: string };

async function ask(scheme: "http" | "https", host: string, wish: Ask = {}): Promise<Answer> {
  const { path = "/", body, ca } = wish;
  const to = running.lab.resolve(host, scheme === "http" ? 80 : 443);
  const method = body === undefined ? "GET" : "POST";
  const request = (scheme === "http" ? httpRequest : httpsRequest)({
    ...to,
    path,
    method,
    headers: { host },
    servername: host,
    agent: false,
    ...(ca === undefined ? {} : { ca }),
  });
  request.end(body);
  const [response] = (await once(request, "response")) as [IncomingMessage];
  let text = "";
  for await (const chunk of response) text += String(chunk);
  const { location } = response.headers;
  return { status: response.statusCode, text, ...(location === undefined ? {} : { location }) };
}

test("a route without TLS carries requests to a pod, the longest path first", async () => {
  const host = hostOf("plain");
  const carried = () => ask("http", host, { path: "/hello" });
  await expect.poll(carried, patience).toEqual({ status: 200, text: "hello there\n" });
  const answer = await ask("http", host, { path: "/mirror/a?b=c", body: "sent" });
  expect(answer.text).toBe(`sent POST /mirror/a?b=c http ${host}`);
  expect((await ask("http", host, { path: "/mirrored" })).status).toBe(404);
});

test("TLS of an edge route ends at the router, with a certificate for its host", async () => {
  const { caPem } = running.lab.cluster("source");
  const host = hostOf("ended");
  const { text } = await ask("https", host, { ca: caPem, body: "sealed" });
  expect(text).toBe(`sealed POST / https ${host}`);
  expect((await ask("http", host)).status).toBe(503);
  const moved = await ask("http", hostOf("moved"), { path: "/hello?x" });
  expect(moved).toMatchObject({ status: 302, location: `https://${hostOf("moved")}/hello?x` });
});

test("TLS of a passthrough route ends in the pod: the router sees no more than the name", async () => {
  const host = hostOf("secret");
  const { text } = await ask("https", host, { ca: pods.certPem });
  expect(text).toBe("only the pod can read this\n");
  const { caPem } = running.lab.cluster("source");
  await expect(ask("https", host, { ca: caPem })).rejects.toThrow(/certificate|issuer/);
});

test("a route without pods, and a host without a route, are told apart from success", async () => {
  expect(await ask("http", hostOf("nobody"))).toMatchObject({ status: 503 });
  expect(running.lab.resolve("elsewhere.example.com", 443)).toEqual({
    host: "elsewhere.example.com",
    port: 443,
  });
  await running.source.delete(Route, { namespace, name: "secret" });
  const gone = () => running.lab.resolve(hostOf("secret"), 443).host;
  await expect.poll(gone, patience).toBe(hostOf("secret"));
});
