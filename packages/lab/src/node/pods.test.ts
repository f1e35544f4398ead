import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { KubeObject, ResourceKind } from "@drover/crds";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runningLab } from "../testing/running-lab.ts";
import type { RunningLab } from "../testing/running-lab.ts";
import { ConfigMap, Event, Node, Secret } from "./kinds/cluster-objects.ts";
import { typeOf } from "./kinds/lab-kind.ts";
import { Pod } from "./kinds/pod.ts";
import type { PodSpec } from "./kinds/pod.ts";
import type { Program } from "./program.ts";

let running: RunningLab;
const namespace = "default";

/** Ends at once with the code in `CODE`. */
const ends: Program = async (pod) => Number(pod.env["CODE"] ?? 0);

/** Fails until its volume has a file, which it makes when it fails. */
const failsOnce: Program = (pod) =>
  pod.run("sh", ["-c", "test -e marker && exit 0; touch marker; echo first run; exit 3"], {
    cwd: pod.path("/state"),
  });

const stubborn: Program = async (pod) => {
  await once(pod.killed, "abort");
  return 0;
};

beforeAll(async () => {
  const programs = { "test/ends": ends, "test/fails-once": failsOnce, "test/stubborn": stubborn };
  running = await runningLab({ programs });
});
afterAll(() => running.close());

function pod(name: string, spec: PodSpec): Pod {
  return { ...typeOf(Pod), metadata: { name, namespace, labels: { app: name } }, spec };
}

async function phaseOf(name: string): Promise<string | undefined> {
  return (await running.source.find(Pod, { namespace, name }))?.status?.phase;
}

async function logOf(
  name: string,
  options: { previous?: boolean; tailLines?: number } = {},
): Promise<string[]> {
  return linesOf(running.source.logs({ namespace, name }, options));
}

async function linesOf(log: AsyncIterable<string>): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of log) lines.push(line);
  return lines;
}

async function reasonOf(name: string): Promise<string | undefined> {
  const found = await running.source.get(Pod, { namespace, name });
  return found.status?.containerStatuses?.[0]?.state.waiting?.reason;
}

async function put<T extends KubeObject>(kind: ResourceKind<T>, object: T): Promise<void> {
  await running.source.create(kind, object);
}

test("a pod runs to its end, with its log and its real exit code", async () => {
  const command = ["sh", "-c", "echo one; echo two >&2; exit 7"];
  await put(
    Pod,
    pod("tells", {
      restartPolicy: "Never",
      containers: [{ name: "c", image: "drover.lab/shell:1", command }],
    }),
  );
  await expect.poll(() => phaseOf("tells")).toBe("Failed");
  const { status, spec } = await running.source.get(Pod, { namespace, name: "tells" });
  expect(spec.nodeName).toBe("source-node");
  expect(status?.podIP).toMatch(/^127\./);
  expect(status?.containerStatuses?.[0]?.state.terminated).toMatchObject({
    exitCode: 7,
    reason: "Error",
  });
  expect((await logOf("tells")).toSorted()).toEqual(["one", "two"]);
  expect(await logOf("tells", { tailLines: 1 })).toHaveLength(1);
});

test("a container that failed is restarted, and both runs' logs are kept", async () => {
  await put(
    Pod,
    pod("again", {
      restartPolicy: "OnFailure",
      containers: [
        {
          name: "c",
          image: "test/fails-once",
          volumeMounts: [{ name: "state", mountPath: "/state" }],
        },
      ],
      volumes: [{ name: "state", emptyDir: {} }],
    }),
  );
  await expect.poll(() => phaseOf("again")).toBe("Succeeded");
  const { status } = await running.source.get(Pod, { namespace, name: "again" });
  expect(status?.containerStatuses?.[0]).toMatchObject({
    restartCount: 1,
    state: { terminated: { exitCode: 0 } },
    lastState: { terminated: { exitCode: 3 } },
  });
  expect(await logOf("again", { previous: true })).toEqual(["first run"]);
});

test("a container that keeps failing is held back", async () => {
  const container = { name: "c", image: "test/ends:2", env: [{ name: "CODE", value: "1" }] };
  await put(Pod, pod("crashes", { containers: [container] }));
  await expect.poll(() => reasonOf("crashes")).toBe("CrashLoopBackOff");
  await running.source.delete(Pod, { namespace, name: "crashes" });
  await expect.poll(() => phaseOf("crashes")).toBeUndefined();
});

test("an image that is no program is not pulled, and an event says so", async () => {
  await put(
    Pod,
    pod("unknown", { containers: [{ name: "c", image: "docker.io/library/nginx:1" }] }),
  );
  await expect.poll(() => reasonOf("unknown")).toBe("ImagePullBackOff");
  const events = await running.source.list(Event, { namespace });
  expect(events.some(({ message }) => message.includes("not one of the lab's programs"))).toBe(
    true,
  );
});

test("init containers run in order before the containers, over the same volume", async () => {
  const container = (name: string, command: string) => ({
    name,
    image: "drover.lab/shell:1",
    command: ["sh", "-c", command],
    workingDir: "/work",
    volumeMounts: [{ name: "work", mountPath: "/work" }],
  });
  await put(
    Pod,
    pod("ordered", {
      restartPolicy: "Never",
      initContainers: [container("a", "echo a >> order"), container("b", "echo b >> order")],
      containers: [
        container("c", "cat order; echo $ROOT/work | grep -q containers/c/root && echo mine"),
      ],
      volumes: [{ name: "work", emptyDir: {} }],
    }),
  );
  await expect.poll(() => phaseOf("ordered")).toBe("Succeeded");
  expect(await logOf("ordered")).toEqual(["a", "b", "mine"]);
});

test("environment and files come from ConfigMaps, Secrets and the pod itself", async () => {
  await put(ConfigMap, {
    ...typeOf(ConfigMap),
    metadata: { name: "settings", namespace },
    data: { COLOUR: "green" },
  });
  const secret = { password: Buffer.from("s3cret").toString("base64") };
  await put(Secret, { ...typeOf(Secret), metadata: { name: "keys", namespace }, data: secret });
  const command = [
    "sh",
    "-c",
    'echo "$COLOUR $WORD $ME $(cat etc/keys/password) $(cat etc/about/name) $1 $(ls var/run/secrets/kubernetes.io/serviceaccount | xargs)"',
    "sh",
    "$(ME)!",
  ];
  await put(
    Pod,
    pod("informed", {
      restartPolicy: "Never",
      containers: [
        {
          name: "c",
          image: "drover.lab/shell:1",
          command,
          envFrom: [{ configMapRef: { name: "settings" } }],
          env: [
            { name: "ME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
            { name: "WORD", valueFrom: { secretKeyRef: { name: "keys", key: "password" } } },
          ],
          volumeMounts: [
            { name: "keys", mountPath: "/etc/keys", readOnly: true },
            { name: "about", mountPath: "/etc/about" },
          ],
        },
      ],
      volumes: [
        { name: "keys", secret: { secretName: "keys" } },
        {
          name: "about",
          downwardAPI: { items: [{ path: "name", fieldRef: { fieldPath: "metadata.name" } }] },
        },
      ],
    }),
  );
  await expect.poll(() => phaseOf("informed")).toBe("Succeeded");
  expect(await logOf("informed")).toEqual([
    "green s3cret informed s3cret informed informed! ca.crt namespace token",
  ]);
});

test("a pod that is deleted gets its time to end, and is killed after it", async () => {
  const command = [
    "sh",
    "-c",
    'trap "echo asked; exit 0" TERM; echo up; while :; do sleep 0.05; done',
  ];
  await put(
    Pod,
    pod("polite", { containers: [{ name: "c", image: "drover.lab/shell:1", command }] }),
  );
  await expect.poll(() => phaseOf("polite")).toBe("Running");
  await expect.poll(async () => (await logOf("polite"))[0]).toBe("up");
  const followed = linesOf(running.source.logs({ namespace, name: "polite" }, { follow: true }));
  await running.source.delete(Pod, { namespace, name: "polite" });
  await expect.poll(() => phaseOf("polite")).toBeUndefined();
  expect(await followed).toEqual(["up", "asked"]);

  await put(Pod, pod("stubborn", { containers: [{ name: "c", image: "test/stubborn" }] }));
  await expect.poll(() => phaseOf("stubborn")).toBe("Running");
  const started = performance.now();
  await running.source.delete(Pod, { namespace, name: "stubborn" }, { gracePeriodSeconds: 1 });
  await expect.poll(() => phaseOf("stubborn")).toBeUndefined();
  expect(performance.now() - started).toBeGreaterThan(900);
});

test("a pod no node fits says so and runs as soon as one does", async () => {
  const spec = { nodeSelector: { disk: "fast" }, restartPolicy: "Never" as const };
  await put(Pod, pod("picky", { ...spec, containers: [{ name: "c", image: "test/ends" }] }));
  const scheduled = async () => {
    const found = await running.source.get(Pod, { namespace, name: "picky" });
    return found.status?.conditions?.find(({ type }) => type === "PodScheduled");
  };
  await expect.poll(scheduled).toMatchObject({ status: "False", reason: "Unschedulable" });
  const body = { metadata: { labels: { disk: "fast" } } };
  await running.source.patch(Node, { name: "source-node" }, { type: "merge", body });
  await expect.poll(() => phaseOf("picky")).toBe("Succeeded");
});

test("files of a pod lie where the lab promises", async () => {
  const command = ["sh", "-c", "echo here > tmp/file; sleep 100"];
  await put(
    Pod,
    pod("files", { containers: [{ name: "c", image: "drover.lab/shell:1", command }] }),
  );
  await expect.poll(() => phaseOf("files")).toBe("Running");
  const { metadata } = await running.source.get(Pod, { namespace, name: "files" });
  const root = join(
    running.lab.layout.cluster("source").podsDir,
    metadata.uid ?? "",
    "containers/c/root",
  );
  await expect.poll(() => readFile(join(root, "tmp/file"), "utf8").catch(() => "")).toBe("here\n");
});
