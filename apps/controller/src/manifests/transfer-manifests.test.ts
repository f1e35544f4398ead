import { Label } from "@drover/crds";
import type { PersistentVolumeClaim, Service } from "@drover/crds";
import { expect, test } from "vitest";
import { ConfigMapValues } from "../settings/config-map-values.ts";
import { clusterSettingsFrom } from "../settings/cluster-settings.ts";
import { controllerSettingsFrom } from "../settings/controller-settings.ts";
import { containerSecurity } from "./pod-identity.ts";
import { comparisonOptions, rsyncOptions } from "./rsync-options.ts";
import { targetClaim } from "./target-claim.ts";
import { serviceAddress, transferRoute, transferService } from "./transfer-endpoint.ts";
import { transferClientPod, transferServerPod } from "./transfer-pods.ts";
import type { TransferSide } from "./transfer-pods.ts";
import type { TransferRun, VolumeCopy } from "./transfer-run.ts";

const run: TransferRun = {
  name: "run",
  uid: "0b7f",
  migrationLabels: { [Label.migratedByPlan]: "plan-uid" },
  compareOnly: false,
};
const copy: VolumeCopy = {
  claim: { namespace: "shop", name: "data" },
  target: { namespace: "shop-new", name: "data" },
  storageClass: "fast",
  accessModes: ["ReadWriteMany"],
  isVerified: false,
};
const settings = (data: Record<string, string> = {}) =>
  controllerSettingsFrom(new ConfigMapValues(data));
const cluster = (data: Record<string, string> = {}) =>
  clusterSettingsFrom(new ConfigMapValues(data));
const side: TransferSide = {
  cluster: cluster(),
  identity: { kind: "root" },
  resources: settings().clientPod,
  supplementalGroups: [5555],
};
const root = { kind: "root" } as const;
const user = { kind: "user", user: 1000, group: undefined } as const;

test("copies everything that makes a file what it is", () => {
  expect(rsyncOptions(settings().rsync, root)).toEqual(
    expect.arrayContaining([
      "--recursive",
      "--owner",
      "--group",
      "--devices",
      "--hard-links",
      "--acls",
      "--xattrs",
      "--sparse",
      "--numeric-ids",
      "--delete",
      "--partial",
      "--exclude=/lost+found",
    ]),
  );
});

test("asks for nothing that only root may do when it is not root", () => {
  const options = rsyncOptions(settings().rsync, user);
  expect(options).toContain("--omit-dir-times");
  for (const option of ["--owner", "--group", "--devices"]) expect(options).not.toContain(option);
});

test("follows the controller settings", () => {
  const options = rsyncOptions(
    settings({
      RSYNC_OPT_BWLIMIT: "1000",
      RSYNC_OPT_DELETE: "false",
      RSYNC_OPT_PARTIAL: "false",
      RSYNC_OPT_HARDLINKS: "false",
      RSYNC_OPT_ARCHIVE: "false",
      RSYNC_OPT_EXTRAS: "--compress -A",
    }).rsync,
    root,
  );
  expect(options).toContain("--bwlimit=1000");
  expect(options).toContain("--compress");
  for (const option of ["--delete", "--partial", "--hard-links", "--recursive", "-A"]) {
    expect(options).not.toContain(option);
  }
});

test("reads the source only, and receives every volume of a namespace in one pod", () => {
  const client = transferClientPod(
    run,
    {
      copy,
      attempt: 2,
      address: { host: "node", port: 30000 },
      rsyncOptions: ["--recursive"],
      proof: "metadata",
      proxy: undefined,
      nodeName: "worker",
    },
    side,
  );
  expect(client.spec.volumes?.[0]?.persistentVolumeClaim).toEqual({
    claimName: "data",
    readOnly: true,
  });
  expect(client.spec.containers[0]?.volumeMounts?.[0]).toMatchObject({ readOnly: true });
  expect(client.spec).toMatchObject({ nodeName: "worker", restartPolicy: "Never" });
  expect(client.metadata.labels).toMatchObject({
    [Label.rsyncAttempt]: "2",
    [Label.migratedByPlan]: "plan-uid",
    directvolumemigration: "0b7f",
  });
  const server = transferServerPod(run, [copy], side);
  expect(server.metadata.namespace).toBe("shop-new");
  expect(server.spec.securityContext).toEqual({ supplementalGroups: [5555] });
  expect(server.spec.containers[0]?.env).toContainEqual({ name: "MODULES", value: "data" });
});

test("writes to neither end when it only compares", () => {
  const comparing = { ...run, compareOnly: true };
  const server = transferServerPod(comparing, [copy], side);
  expect(server.spec.containers[0]?.volumeMounts?.[0]).toMatchObject({ readOnly: true });
  const client = transferClientPod(
    comparing,
    {
      copy,
      attempt: 1,
      address: { host: "node", port: 30123 },
      rsyncOptions: comparisonOptions(root),
      proof: "metadata",
      proxy: undefined,
      nodeName: undefined,
    },
    side,
  );
  expect(client.spec.containers[0]?.args?.[0]).toBe("verify");
  expect(client.spec.containers[0]?.args).toContain("--delete");
});

test("names objects for the run, so that no run finds another's", () => {
  const other = { ...run, uid: "ffff" };
  const name = (one: TransferRun) => transferServerPod(one, [copy], side).metadata.name;
  expect(name(run)).toBe(name({ ...run }));
  expect(name(run)).not.toBe(name(other));
});

test.each([
  [{}, { privileged: false, runAsUser: 0 }],
  [{ RSYNC_PRIVILEGED: "true" }, { privileged: true, runAsUser: 0 }],
  [{ RSYNC_SUPER_PRIVILEGED: "true" }, { privileged: true, seLinuxOptions: { type: "spc_t" } }],
])("root with %j", (data, security) => {
  expect(containerSecurity(root, cluster(data))).toMatchObject(security);
});

test("a user other than root gets nothing it does not need", () => {
  expect(containerSecurity(user, cluster({ RSYNC_PRIVILEGED: "true" }))).toEqual({
    runAsNonRoot: true,
    runAsUser: 1000,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
    seccompProfile: { type: "RuntimeDefault" },
  });
});

test("knows where each type of endpoint is reached", () => {
  const service = (type: "NodePort" | "ClusterIP" | "LoadBalancer") =>
    transferService(run, "shop-new", type);
  const given = (one: Service, spec: object, status?: Service["status"]): Service => ({
    ...one,
    spec: { ...one.spec, ...spec },
    ...(status === undefined ? {} : { status }),
  });
  const ports = [{ port: 6443, nodePort: 30123 }];
  expect(serviceAddress(given(service("NodePort"), { ports }), "NodePort", "node")).toEqual({
    host: "node",
    port: 30123,
  });
  const clusterIP = given(service("ClusterIP"), { clusterIP: "10.0.0.1" });
  expect(serviceAddress(clusterIP, "ClusterIP", undefined)).toEqual({
    host: "10.0.0.1",
    port: 6443,
  });
  const balanced = given(
    service("LoadBalancer"),
    {},
    { loadBalancer: { ingress: [{ ip: "1.2.3.4" }] } },
  );
  expect(serviceAddress(balanced, "LoadBalancer", undefined)?.host).toBe("1.2.3.4");
  expect(serviceAddress(service("LoadBalancer"), "LoadBalancer", undefined)).toBeUndefined();
});

test("keeps the label of a route's host within what DNS allows", () => {
  const host = transferRoute(run, "n".repeat(63), "apps.example.com").spec.host ?? "";
  expect(host.split(".")[0]?.length).toBeLessThanOrEqual(63);
  expect(transferRoute(run, "shop", undefined).spec.host).toBeUndefined();
});

test("makes the target's claim as the source's, without what ties it to its volume", () => {
  const source: PersistentVolumeClaim = {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "data", namespace: "shop", labels: { app: "shop" } },
    spec: {
      accessModes: ["ReadWriteOnce"],
      storageClassName: "slow",
      volumeName: "pv-1",
      resources: { requests: { storage: "1Gi" } },
    },
  };
  expect(targetClaim(run, copy, source)).toMatchObject({
    metadata: {
      name: "data",
      namespace: "shop-new",
      labels: { app: "shop", [Label.migratedByPlan]: "plan-uid" },
    },
    spec: {
      accessModes: ["ReadWriteMany"],
      storageClassName: "fast",
      resources: { requests: { storage: "1Gi" } },
    },
  });
  expect(targetClaim(run, copy, source).spec.volumeName).toBeUndefined();
});
