import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { kubeconfig } from "../kubeconfig.ts";
import type { ChildProgram } from "./child-program.ts";
import { freePort } from "../free-port.ts";
import type { KubeAssets } from "./kube-assets.ts";
import { startControllerManager, startEtcd, startKubeApiServer } from "./kube-programs.ts";
import type { ControlPlane, ServerNetwork } from "./kube-programs.ts";
import { isAtLeast } from "./server-version.ts";
import { writeServerFiles } from "./server-files.ts";
import type { ServerSecrets } from "./server-files.ts";
import type { TokenKeys } from "../apiserver/auth/token-keys.ts";

const START_MS = 90_000;

export type KubeServerOptions = {
  readonly assets: KubeAssets;
  /** Where etcd and the server keep everything. */
  readonly directory: string;
  readonly secrets: ServerSecrets;
  /** One of the static tokens, of a member of system:masters. */
  readonly adminToken: string;
  readonly network: ServerNetwork;
  /** Nobody needs its data after a power failure: etcd does not wait for the disk. */
  readonly isThrowaway?: boolean;
  /** Flags of kube-apiserver beside ours, without the dashes. */
  readonly flags?: Readonly<Record<string, string>>;
};

/** A real kube-apiserver with its etcd, and Kubernetes' controllers beside it where there are any. */
export type KubeServer = {
  readonly url: string;
  readonly caPem: string;
  /** Without the v: `1.20.2`. */
  readonly version: string;
  readonly etcdPort: number;
  /** Signs what the server takes for tokens of its own. */
  readonly keys: TokenKeys;
  /** Whether kube-controller-manager runs; without it nothing collects garbage or makes accounts. */
  readonly hasControllers: boolean;
  /** Whether every account needs a token Secret, as before Kubernetes 1.24. */
  readonly hasTokenSecrets: boolean;
  /** Why it ended, once one of its programs has ended by itself. */
  readonly failure: Promise<string>;
  close(): Promise<void>;
};

/** Starts the programs on free ports of the loopback, and resolves when the server is ready. */
export async function startKubeServer(options: KubeServerOptions): Promise<KubeServer> {
  const { assets, directory, secrets, adminToken } = options;
  const files = writeServerFiles(directory, secrets);
  const ports = { etcd: await freePort(), peer: await freePort(), api: await freePort() };
  const plane: ControlPlane = { assets, directory, files, ports };
  const programs: ChildProgram[] = [];
  const close = async (): Promise<void> => {
    for (const program of programs.toReversed()) await program.stop();
  };
  try {
    programs.push(startEtcd(plane, { isThrowaway: options.isThrowaway === true }));
    programs.push(startKubeApiServer(plane, options.network, options.flags ?? {}));
    const url = `https://127.0.0.1:${ports.api}`;
    const access = { url, caPem: secrets.tls.caPem, token: adminToken };
    await untilReady(access, programs);
    const version = await programVersion(assets.apiServer);
    const isBefore124 = !isAtLeast(version, "1.24");
    if (assets.controllerManager !== undefined) {
      const file = join(directory, "controller-manager.kubeconfig");
      writeFileSync(file, adminKubeconfig(access), { mode: 0o600 });
      const given = { kubeconfig: file, isBefore124 };
      programs.push(startControllerManager(assets.controllerManager, plane, given));
    }
    return {
      url,
      caPem: access.caPem,
      version,
      etcdPort: ports.etcd,
      keys: files.keys,
      hasControllers: assets.controllerManager !== undefined,
      hasTokenSecrets: isBefore124,
      failure: Promise.race(programs.map(({ failure }) => failure)),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

type Access = { readonly url: string; readonly caPem: string; readonly token: string };

function adminKubeconfig({ url, caPem, token }: Access): string {
  return kubeconfig([{ name: "server", cluster: { name: "server", url, caPem }, token }]);
}

/** Asked of the program: one built without the version in it says v0.0.0 at /version. */
async function programVersion(apiServer: string): Promise<string> {
  const { stdout } = await promisify(execFile)(apiServer, ["--version"]);
  return stdout.trim().replace(/^Kubernetes v/, "");
}

async function untilReady(access: Access, programs: readonly ChildProgram[]): Promise<void> {
  const deadline = performance.now() + START_MS;
  for (;;) {
    const ended = programs.map(({ end }) => end()).find((end) => end !== undefined);
    if (ended !== undefined) throw new Error(ended);
    const said = await readiness(access).catch((error: unknown) => String(error));
    if (said === "ok") return;
    if (performance.now() > deadline) {
      throw new Error(`kube-apiserver was not ready after ${START_MS / 1000} s: ${said}`);
    }
    await sleep(100);
  }
}

function readiness({ url, caPem, token }: Access): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` };
    const asked = request(`${url}/readyz`, { ca: caPem, headers, agent: false }, (answer) => {
      const pieces: Buffer[] = [];
      answer.on("data", (piece: Buffer) => pieces.push(piece));
      answer.on("error", reject);
      answer.on("end", () => {
        const text = Buffer.concat(pieces).toString();
        resolve(answer.statusCode === 200 ? "ok" : text);
      });
    });
    asked.on("error", reject);
    asked.end();
  });
}
