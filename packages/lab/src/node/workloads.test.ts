import { readdir, readFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import type { KubeObject, ResourceKind } from "@drover/crds";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runningLab, servedCronJobs } from "../testing/running-lab.ts";
import type { RunningLab } from "../testing/running-lab.ts";
import { ConfigMap, Service } from "./kinds/cluster-objects.ts";
import { typeOf } from "./kinds/lab-kind.ts";
import { isReady, Pod } from "./kinds/pod.ts";
import { PersistentVolume, PersistentVolumeClaim } from "./kinds/storage.ts";
import { DaemonSet, Deployment, Job, ReplicaSet, StatefulSet } from "./kinds/workload.ts";
import type { CronJob, JobSpec } from "./kinds/workload.ts";

let running: RunningLab;
const namespace = "default";

beforeAll(async () => {
  running = await runningLab();
});
afterAll(() => running.close());

async function put<T extends KubeObject>(kind: ResourceKind<T>, object: T): Promise<T> {
  return running.source.create(kind, object);
}

async function podsOf(app: string): Promise<Pod[]> {
  return running.source.list(Pod, { namespace, labelSelector: `app=${app}` });
}

function deployment(app: string, replicas: number, env = "1"): Deployment {
  return {
    ...typeOf(Deployment),
    metadata: { name: app, namespace },
    spec: {
      replicas,
      selector: { matchLabels: { app } },
      template: {
        metadata: { labels: { app } },
        spec: {
          terminationGracePeriodSeconds: 2,
          containers: [
            { name: "c", image: "registry.k8s.io/pause:3", env: [{ name: "V", value: env }] },
          ],
        },
      },
    },
  };
}

async function conditionOf(name: string, type: string): Promise<string | undefined> {
  const found = await running.source.get(Deployment, { namespace, name });
  return found.status?.conditions?.find((one) => one.type === type)?.reason;
}

test("a Deployment fills up, rolls over to a new template, and goes to 0 and back", async () => {
  const ref = { namespace, name: "web" };
  await put(Deployment, deployment("web", 3));
  const available = async () =>
    (await running.source.get(Deployment, ref)).status?.availableReplicas ?? 0;
  await expect.poll(available).toBe(3);
  expect(await conditionOf("web", "Available")).toBe("MinimumReplicasAvailable");
  await expect.poll(() => conditionOf("web", "Progressing")).toBe("NewReplicaSetAvailable");

  const { spec } = deployment("web", 3, "2");
  await running.source.patch(Deployment, ref, {
    type: "merge",
    body: { spec: { template: spec.template } },
  });
  const values = async () =>
    (await podsOf("web")).map((pod) => pod.spec.containers[0]?.env?.[0]?.value).join("");
  await expect.poll(values).toBe("222");
  const sets = await running.source.list(ReplicaSet, { namespace, labelSelector: "app=web" });
  const revisions = sets.map(
    ({ metadata }) => metadata.annotations?.["deployment.kubernetes.io/revision"],
  );
  expect(revisions.toSorted()).toEqual(["1", "2"]);

  await running.source.patch(Deployment, ref, { type: "merge", body: { spec: { replicas: 0 } } });
  await expect.poll(async () => (await podsOf("web")).length).toBe(0);
  await expect.poll(available).toBe(0);
  await running.source.patch(Deployment, ref, { type: "merge", body: { spec: { replicas: 1 } } });
  await expect.poll(available).toBe(1);
  const status = (await running.source.get(Deployment, ref)).status;
  expect(status).toMatchObject({ replicas: 1, updatedReplicas: 1, readyReplicas: 1 });
});

test("a paused Deployment keeps its pods as they are", async () => {
  const ref = { namespace, name: "held" };
  await put(Deployment, deployment("held", 1));
  await expect.poll(async () => (await podsOf("held")).filter(isReady).length).toBe(1);
  const [first] = await podsOf("held");
  const { template } = deployment("held", 1, "2").spec;
  await running.source.patch(Deployment, ref, {
    type: "merge",
    body: { spec: { paused: true, template } },
  });
  await expect.poll(() => conditionOf("held", "Progressing")).toBe("DeploymentPaused");
  expect((await podsOf("held")).map(({ metadata }) => metadata.uid)).toEqual([first?.metadata.uid]);
});

function statefulSet(app: string, replicas: number): StatefulSet {
  const command = ["sh", "-c", 'echo "$HOSTNAME" >> data/starts; sleep 1000'];
  return {
    ...typeOf(StatefulSet),
    metadata: { name: app, namespace },
    spec: {
      replicas,
      serviceName: app,
      selector: { matchLabels: { app } },
      template: {
        metadata: { labels: { app } },
        spec: {
          terminationGracePeriodSeconds: 2,
          containers: [
            {
              name: "c",
              image: "drover.lab/shell:1",
              command,
              volumeMounts: [{ name: "data", mountPath: "/data" }],
            },
          ],
        },
      },
      volumeClaimTemplates: [
        {
          metadata: { name: "data" },
          spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Mi" } } },
        },
      ],
    },
  };
}

test("a StatefulSet makes its pods in order, and each keeps its own volume", async () => {
  const ref = { namespace, name: "db" };
  await put(StatefulSet, statefulSet("db", 2));
  const names = async () =>
    (await podsOf("db"))
      .filter(isReady)
      .map(({ metadata }) => metadata.name)
      .toSorted();
  await expect.poll(names).toEqual(["db-0", "db-1"]);
  const claim = await running.source.get(PersistentVolumeClaim, { namespace, name: "data-db-1" });
  const file = join(
    running.lab.cluster("source").volumesDir,
    claim.spec.volumeName ?? "",
    "starts",
  );
  await expect.poll(() => readFile(file, "utf8").catch(() => "")).toBe("db-1\n");

  await running.source.patch(StatefulSet, ref, { type: "merge", body: { spec: { replicas: 0 } } });
  await expect.poll(async () => (await podsOf("db")).length).toBe(0);
  await running.source.patch(StatefulSet, ref, { type: "merge", body: { spec: { replicas: 2 } } });
  await expect.poll(names).toEqual(["db-0", "db-1"]);
  await expect.poll(() => readFile(file, "utf8")).toBe("db-1\ndb-1\n");
  const { status } = await running.source.get(StatefulSet, ref);
  expect(status).toMatchObject({ replicas: 2, readyReplicas: 2, updatedReplicas: 2 });
});

function job(name: string, command: string, spec: Partial<JobSpec> = {}): Job {
  const containers = [{ name: "c", image: "drover.lab/shell:1", command: ["sh", "-c", command] }];
  return {
    ...typeOf(Job),
    metadata: { name, namespace },
    spec: { ...spec, template: { spec: { restartPolicy: "Never", containers } } },
  };
}

async function endOf(name: string): Promise<string | undefined> {
  const { status } = await running.source.get(Job, { namespace, name });
  const end = status?.conditions?.find(
    (one) => ["Complete", "Failed"].includes(one.type) && one.status === "True",
  );
  return end === undefined ? undefined : `${end.type} ${end.reason ?? ""}`.trim();
}

test("a Job completes when enough pods succeeded", async () => {
  await put(Job, job("three", "exit 0", { completions: 3, parallelism: 2 }));
  await expect.poll(() => endOf("three")).toMatch(/^Complete/);
  const { status } = await running.source.get(Job, { namespace, name: "three" });
  expect(status).toMatchObject({ succeeded: 3 });
  expect(status?.completionTime).toBeDefined();
});

test("a Job fails with the real exit code of its last pod when its retries are used up", async () => {
  await put(Job, job("hopeless", "exit 23", { backoffLimit: 1 }));
  await expect.poll(() => endOf("hopeless")).toBe("Failed BackoffLimitExceeded");
  const { status } = await running.source.get(Job, { namespace, name: "hopeless" });
  expect(status?.failed).toBe(2);
  const pods = await running.source.list(Pod, { namespace, labelSelector: "job-name=hopeless" });
  const codes = pods.map((pod) => pod.status?.containerStatuses?.[0]?.state.terminated?.exitCode);
  expect(codes).toEqual([23, 23]);
});

test("a Job that takes too long fails", async () => {
  await put(Job, job("slow", "sleep 100", { activeDeadlineSeconds: 1 }));
  await expect.poll(() => endOf("slow")).toBe("Failed DeadlineExceeded");
});

test("a Job that is suspended does not start", async (context) => {
  context.skip((await servedCronJobs(running.source)).isBefore121, "came with Kubernetes 1.21");
  await put(Job, job("later", "exit 0", { suspend: true }));
  const pods = await running.source.list(Pod, { namespace, labelSelector: "job-name=later" });
  expect(pods).toEqual([]);
  await running.source.patch(
    Job,
    { namespace, name: "later" },
    { type: "merge", body: { spec: { suspend: false } } },
  );
  await expect.poll(() => endOf("later")).toMatch(/^Complete/);
});

test("a finished Job with a time to live is deleted with its pods", async (context) => {
  context.skip((await servedCronJobs(running.source)).isBefore121, "came with Kubernetes 1.21");
  await put(Job, job("brief", "exit 0", { ttlSecondsAfterFinished: 0 }));
  await expect.poll(() => running.source.find(Job, { namespace, name: "brief" })).toBeUndefined();
  const pods = () => running.source.list(Pod, { namespace, labelSelector: "job-name=brief" });
  await expect.poll(async () => (await pods()).length).toBe(0);
});

test("a CronJob that is due makes a Job, and a suspended one does not", async () => {
  const { kind } = await servedCronJobs(running.source);
  const cron = (name: string, suspend: boolean): CronJob => ({
    ...typeOf(kind),
    metadata: { name, namespace },
    spec: { schedule: "* * * * *", suspend, jobTemplate: { spec: job(name, "exit 0").spec } },
  });
  const anHourAgo = new Date(Date.now() - 3_600_000).toISOString().replace(/\.\d+Z$/, "Z");
  for (const [name, suspend] of [
    ["runs", false],
    ["rests", true],
  ] as const) {
    await put(kind, cron(name, true));
    const status = { type: "merge", body: { status: { lastScheduleTime: anHourAgo } } } as const;
    await running.source.patchSubresource(kind, { namespace, name }, "status", status);
    await running.source.patch(
      kind,
      { namespace, name },
      { type: "merge", body: { spec: { suspend } } },
    );
  }
  const jobsOf = async (name: string): Promise<number> =>
    (await running.source.list(Job, { namespace })).filter(({ metadata }) =>
      metadata.name?.startsWith(`${name}-`),
    ).length;
  await expect.poll(() => jobsOf("runs")).toBe(1);
  expect(await jobsOf("rests")).toBe(0);
});

test("a DaemonSet runs on each node its selector fits", async () => {
  const set = (app: string, nodeSelector: Record<string, string>): DaemonSet => ({
    ...typeOf(DaemonSet),
    metadata: { name: app, namespace },
    spec: {
      selector: { matchLabels: { app } },
      template: {
        metadata: { labels: { app } },
        spec: { nodeSelector, containers: [{ name: "c", image: "registry.k8s.io/pause:3" }] },
      },
    },
  });
  await put(DaemonSet, set("everywhere", { "kubernetes.io/os": "linux" }));
  await put(DaemonSet, set("nowhere", { "kubernetes.io/os": "plan9" }));
  const ready = async () =>
    (await running.source.get(DaemonSet, { namespace, name: "everywhere" })).status?.numberReady;
  await expect.poll(ready).toBe(1);
  expect(await podsOf("nowhere")).toEqual([]);
});

test("a claim is bound to a new directory, and both go with the claim", async () => {
  const ref = { namespace, name: "scratch" };
  await put(PersistentVolumeClaim, {
    ...typeOf(PersistentVolumeClaim),
    metadata: { ...ref },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "5Mi" } } },
  });
  const phase = async () => (await running.source.find(PersistentVolumeClaim, ref))?.status?.phase;
  await expect.poll(phase).toBe("Bound");
  const claim = await running.source.get(PersistentVolumeClaim, ref);
  const name = claim.spec.volumeName ?? "";
  expect(claim.status?.capacity).toEqual({ storage: "5Mi" });
  const volume = await running.source.get(PersistentVolume, { name });
  expect(volume.spec).toMatchObject({
    storageClassName: "standard",
    csi: { driver: "directory.lab.drover.dev", volumeHandle: name },
    claimRef: { name: "scratch", uid: claim.metadata.uid },
  });
  const { volumesDir } = running.lab.cluster("source");
  expect(await readdir(volumesDir)).toContain(name);
  await running.source.delete(PersistentVolumeClaim, ref);
  await expect.poll(() => running.source.find(PersistentVolume, { name })).toBeUndefined();
  expect(await readdir(volumesDir)).not.toContain(name);
});

test("a claim of a waiting class is bound when its first pod comes", async () => {
  const ref = { namespace, name: "patient" };
  await put(PersistentVolumeClaim, {
    ...typeOf(PersistentVolumeClaim),
    metadata: { ...ref },
    spec: {
      storageClassName: "fast",
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: "1Mi" } },
    },
  });
  const phase = async () => (await running.source.find(PersistentVolumeClaim, ref))?.status?.phase;
  await expect.poll(phase).toBe("Pending");
  await put(Pod, {
    ...typeOf(Pod),
    metadata: { name: "patient", namespace, labels: { app: "patient" } },
    spec: {
      containers: [
        {
          name: "c",
          image: "registry.k8s.io/pause:3",
          volumeMounts: [{ name: "v", mountPath: "/v" }],
        },
      ],
      volumes: [{ name: "v", persistentVolumeClaim: { claimName: "patient" } }],
    },
  });
  await expect.poll(phase).toBe("Bound");
  await expect.poll(async () => (await podsOf("patient")).filter(isReady).length).toBe(1);
});

test("a Service carries bytes to its ready pods, by cluster address and node port", async () => {
  await put(ConfigMap, {
    ...typeOf(ConfigMap),
    metadata: { name: "pages", namespace },
    data: { hello: "hello there\n" },
  });
  await put(Pod, {
    ...typeOf(Pod),
    metadata: { name: "served", namespace, labels: { app: "served" } },
    spec: {
      containers: [
        {
          name: "c",
          image: "drover.lab/http:1",
          ports: [{ name: "http", containerPort: 8080 }],
          readinessProbe: { httpGet: { path: "/healthz", port: "http" } },
          volumeMounts: [{ name: "pages", mountPath: "/usr/share/www" }],
        },
      ],
      volumes: [{ name: "pages", configMap: { name: "pages" } }],
    },
  });
  const { spec } = await put(Service, {
    ...typeOf(Service),
    metadata: { name: "served", namespace },
    spec: {
      type: "NodePort",
      selector: { app: "served" },
      ports: [{ port: 8081, targetPort: "http" }],
    },
  });
  const fetched = (host: string, port: number | undefined) => () =>
    fetch(`http://${host}:${port}/hello`).then(
      (response) => response.text(),
      () => "",
    );
  await expect.poll(fetched(spec.clusterIP ?? "", 8081)).toBe("hello there\n");
  await expect.poll(fetched("127.0.0.1", spec.ports?.[0]?.nodePort)).toBe("hello there\n");
  await running.source.delete(Service, { namespace, name: "served" });
  const refused = () =>
    new Promise<string>((resolve) => {
      const socket = connect(8081, spec.clusterIP ?? "");
      socket.on("connect", () => socket.destroy());
      socket.on("error", (error) => resolve((error as NodeJS.ErrnoException).code ?? ""));
      socket.on("close", () => resolve("open"));
    });
  await expect.poll(refused).toBe("ECONNREFUSED");
});
