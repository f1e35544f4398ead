import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { InjectOptions, LightMyRequestResponse } from "fastify";
import { openAccessReviewer } from "../access/access-reviewer.ts";
import type { App } from "../app.ts";
import { buildApp } from "../app.ts";
import type { Config } from "../config.ts";
import type { LiveTiming } from "../live/live-stream.ts";
import { defaultTiming } from "../live/live-stream.ts";
import { openLog } from "../log.ts";
import { openServices } from "../services.ts";
import type { Services } from "../services.ts";
import { configNamespace, namespace } from "./test-clusters.ts";

/** A signed-in person's browser. */
export type Browser = {
  readonly cookie: string;
  readonly csrfToken: string;
  readonly request: (options: InjectOptions) => Promise<LightMyRequestResponse>;
};

export type TestApp = App & {
  readonly services: Services;
  readonly stateDir: string;
  readonly logs: readonly string[];
  readonly signIn: (userName: string, token: string) => Promise<Browser>;
  readonly close: () => Promise<void>;
};

type TestAppOptions = {
  readonly config?: Partial<Config>;
  readonly timing?: Partial<LiveTiming>;
  /** How long answers about rights are kept. */
  readonly reviewKeepMs?: number;
};

/** What the app needs of its host cluster. */
type Host = {
  readonly server: { readonly url: string; readonly caPem: string };
  readonly adminToken: string;
};

function configFor(host: Host, stateDir: string): Config {
  return {
    address: "127.0.0.1",
    port: 0,
    metricsPort: undefined,
    publicUrl: new URL("http://localhost:3000"),
    stateDir,
    consoleDir: join(stateDir, "console"),
    databaseUrl: undefined,
    secretKey: undefined,
    host: { url: host.server.url, caPem: host.server.caPem, token: host.adminToken },
    namespace,
    configNamespace,
    lab: true,
    requestsPerMinute: 100_000,
    logLevel: "debug",
    oauthClient: () => ({ clientId: "drover", clientSecret: "not used here" }),
  };
}

/** The whole app on a host of the lab, with an embedded database of its own. */
export async function startTestApp(host: Host, options: TestAppOptions = {}): Promise<TestApp> {
  const stateDir = await mkdtemp(join(tmpdir(), "drover-api-"));
  const logs: string[] = [];
  const log = openLog("debug", { write: (line) => void logs.push(line) });
  const opened = await openServices({ ...configFor(host, stateDir), ...options.config }, log);
  const services = { ...opened, reviewer: openAccessReviewer(options.reviewKeepMs) };
  const app = await buildApp(services, { ...defaultTiming, ...options.timing });
  await services.hub.ready;

  const signIn = async (userName: string, token: string): Promise<Browser> => {
    const { cookie, session } = await services.sessions.create({
      userName,
      groups: [],
      token,
      tokenLifetimeSeconds: undefined,
      address: "127.0.0.1",
      userAgent: "test",
    });
    const headers = {
      host: "localhost:3000",
      cookie: `drover-session=${cookie}`,
      "x-csrf-token": session.csrfToken,
    };
    return {
      cookie,
      csrfToken: session.csrfToken,
      request: (request) =>
        app.server.inject({ ...request, headers: { ...headers, ...request.headers } }),
    };
  };
  return {
    ...app,
    services,
    stateDir,
    logs,
    signIn,
    close: async () => {
      await app.server.close();
      await services.close();
      await rm(stateDir, { recursive: true });
    },
  };
}
