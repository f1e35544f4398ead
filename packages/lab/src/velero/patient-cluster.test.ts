import { ConfigMap } from "@drover/crds";
import type { Cluster } from "@drover/kube";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Fault } from "../apiserver/faults.ts";
import { patientCluster } from "./patient-cluster.ts";
import { startLabCluster } from "./testing/lab-cluster.ts";
import type { LabCluster } from "./testing/lab-cluster.ts";

let lab: LabCluster;
let cluster: Cluster;
/** What happens to the next requests, one after the other. */
let faults: Fault[] = [];
const namespace = "default";
const refused = (code: 409 | 429 | 500 | 503): Fault => ({ kind: "refuse", code });

beforeAll(async () => {
  lab = await startLabCluster("test", { faults: { decide: () => faults.shift() } });
  ({ cluster } = lab);
});
afterAll(() => lab.close());
beforeEach(() => void (faults = []));

const configMap = (metadata: ConfigMap["metadata"]): ConfigMap => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { namespace, ...metadata },
});
const patient = (signal = new AbortController().signal) => patientCluster(cluster, signal);
const names = async () => (await cluster.list(ConfigMap, { namespace })).map(nameOf);
const nameOf = ({ metadata }: ConfigMap) => metadata.name ?? "";

test.each<[string, Fault[]]>([
  ["refused", [refused(500), refused(503), refused(409), { kind: "cut" }]],
  ["done, but its answer lost", [{ kind: "lose-answer" }]],
])("a change that was %s is asked for until it is answered", async (_what, trouble) => {
  const name = `changed-${trouble.length}`;
  await cluster.create(ConfigMap, configMap({ name }));
  faults = [...trouble];
  const patch = { type: "merge", body: { data: { is: "changed" } } } as const;
  const changed = await patient().patch(ConfigMap, { namespace, name }, patch);
  expect(changed.data).toEqual({ is: "changed" });
  expect(faults).toEqual([]);
  faults = [...trouble];
  await patient().delete(ConfigMap, { namespace, name });
  expect(await names()).not.toContain(name);
});

test("what was created without an answer is there when it is asked for again", async () => {
  faults = [{ kind: "lose-answer" }];
  const again = patient().create(ConfigMap, configMap({ name: "once" }));
  await expect(again).rejects.toMatchObject({ isAlreadyExists: true });
  expect(await names()).toContain("once");
});

test("what gets its name from the server is never created twice", async () => {
  faults = [refused(500)];
  await patient().create(ConfigMap, configMap({ generateName: "asked-twice-" }));
  faults = [{ kind: "lose-answer" }];
  const lost = patient().create(ConfigMap, configMap({ generateName: "lost-" }));
  await expect(lost).rejects.toMatchObject({ reason: "Unreachable" });
  const found = await names();
  expect(found.filter((name) => name.startsWith("asked-twice-"))).toHaveLength(1);
  expect(found.filter((name) => name.startsWith("lost-"))).toHaveLength(1);
});

test("refusals that stay are told, a conflict after a few tries and the others at once", async () => {
  faults = Array.from({ length: 20 }, () => refused(409));
  const patch = { type: "merge", body: { data: {} } } as const;
  const stuck = patient().patch(ConfigMap, { namespace, name: "once" }, patch);
  await expect(stuck).rejects.toMatchObject({ isConflict: true });
  expect(faults).toHaveLength(15);
  faults = [];
  const absent = patient().patch(ConfigMap, { namespace, name: "absent" }, patch);
  await expect(absent).rejects.toMatchObject({ isNotFound: true });
});

test("gives up as soon as it is told to stop", async () => {
  const stop = new AbortController();
  faults = Array.from({ length: 1_000 }, () => refused(503));
  const asking = patient(stop.signal).get(ConfigMap, { namespace, name: "once" });
  stop.abort();
  await expect(asking).rejects.toMatchObject({ code: 503 });
  expect(faults.length).toBeGreaterThan(990);
});
