import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Route } from "@drover/crds";
import { connect } from "@drover/kube";
import type { Cluster } from "@drover/kube";
import { expect, onTestFinished, test } from "vitest";
import { Secret, Service } from "../../node/kinds/cluster-objects.ts";
import { typeOf } from "../../node/kinds/lab-kind.ts";
import { isReady, Pod } from "../../node/kinds/pod.ts";
import type { PodSpec } from "../../node/kinds/pod.ts";
import { PersistentVolumeClaim } from "../../node/kinds/storage.ts";
import { runningLab } from "../../testing/running-lab.ts";
import { createAuthority, issueCertificate } from "../../tls/certificate-authority.ts";
import type { KeyPair } from "../../tls/certificate-authority.ts";

const namespace = "default";
const labels = { app: "server" };

async function credentials(cluster: Cluster, authority: KeyPair, name: string): Promise<void> {
  const own = await issueCertificate(authority, { commonName: name, hosts: [name] });
  const stringData = {
    "ca.crt": authority.certPem,
    "tls.crt": own.certPem,
    "tls.key": own.keyPem,
    password: "only-for-this-test",
  };
  const metadata = { name: "transfer", namespace };
  await cluster.create(Secret, { ...typeOf(Secret), metadata, stringData });
}

async function boundClaim(cluster: Cluster): Promise<string> {
  const ref = { name: "files", namespace };
  await cluster.create(PersistentVolumeClaim, {
    ...typeOf(PersistentVolumeClaim),
    metadata: { ...ref },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Mi" } } },
  });
  const find = async () => await cluster.get(PersistentVolumeClaim, ref);
  await expect.poll(async () => (await find()).status?.phase).toBe("Bound");
  return (await find()).spec.volumeName ?? "";
}

type Env = Readonly<Record<string, string>>;

function transferPod(name: string, args: string[], env: Env): Pod {
  const spec: PodSpec = {
    restartPolicy: "Never",
    terminationGracePeriodSeconds: 2,
    containers: [
      {
        name: "rsync",
        image: "quay.io/drover/transfer:latest",
        args,
        env: Object.entries(env).map(([key, value]) => ({ name: key, value })),
        volumeMounts: [
          { name: "files", mountPath: "/data/files" },
          { name: "secret", mountPath: "/etc/transfer" },
          { name: "scratch", mountPath: "/tmp" },
        ],
        ...(args[0] === "server" ? { readinessProbe: { tcpSocket: { port: 6443 } } } : {}),
      },
    ],
    volumes: [
      { name: "files", persistentVolumeClaim: { claimName: "files" } },
      { name: "secret", secret: { secretName: "transfer" } },
      { name: "scratch", emptyDir: {} },
    ],
  };
  return { ...typeOf(Pod), metadata: { name, namespace, labels: { app: name } }, spec };
}

test("a volume is copied to another cluster through a passthrough route", async () => {
  const running = await runningLab({ clusters: ["host", "source"], openshift: true });
  onTestFinished(() => running.close());
  const { lab, source } = running;
  const { url, caPem, adminToken, volumesDir } = lab.cluster("host");
  const host = connect({ url, caPem, token: adminToken });
  onTestFinished(() => host.close());

  const authority = await createAuthority("transfer");
  await credentials(host, authority, "transfer-server");
  await credentials(source, authority, "transfer-client");
  const to = join(volumesDir, await boundClaim(host), "letter");
  const from = join(lab.cluster("source").volumesDir, await boundClaim(source), "letter");
  await writeFile(from, "by way of the router\n");

  const metadata = { name: "server", namespace };
  await host.create(Pod, transferPod("server", ["server"], { MODULES: "files" }));
  const ports = [{ name: "transfer", port: 6443, targetPort: 6443 }];
  await host.create(Service, { ...typeOf(Service), metadata, spec: { selector: labels, ports } });
  await host.create(Route, {
    apiVersion: "route.openshift.io/v1",
    kind: "Route",
    metadata,
    spec: {
      to: { kind: "Service", name: "server" },
      port: { targetPort: 6443 },
      tls: { termination: "passthrough" },
    },
  });
  await expect.poll(async () => isReady(await host.get(Pod, metadata))).toBe(true);
  const ingress = async () => (await host.get(Route, metadata)).status?.ingress?.[0];
  await expect.poll(ingress).toMatchObject({ conditions: [{ status: "True" }] });

  const env = {
    TRANSFER_HOST: (await ingress())?.host ?? "",
    TRANSFER_PORT: "443",
    MODULE: "files",
    PROOF: "checksum",
  };
  expect(env.TRANSFER_HOST).toBe("server-default.apps.host.lab.drover.dev");
  await source.create(Pod, transferPod("client", ["client", "--recursive", "--times"], env));
  const phase = async () => (await source.get(Pod, { name: "client", namespace })).status?.phase;
  await expect.poll(phase).toMatch(/Succeeded|Failed/);
  const log: string[] = [];
  for await (const line of source.logs({ name: "client", namespace })) log.push(line);
  expect(log.at(-1)).toContain('"result":"verified"');
  expect(await readFile(to, "utf8")).toBe("by way of the router\n");
});
