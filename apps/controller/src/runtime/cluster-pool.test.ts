import { afterEach, expect, it } from "vitest";
import { connect } from "@drover/kube";
import { ClusterNotUsable, ClusterPool } from "./cluster-pool.ts";
import type { Registration } from "./cluster-pool.ts";

const host = connect({ url: "https://127.0.0.1:1" });
const ref = { namespace: "openshift-migration", name: "remote" };
const remote = { url: "https://127.0.0.1:2", token: "a" };
let registration: Registration | undefined;
const pool = new ClusterPool({
  host,
  readRegistration: async () => {
    if (registration) return registration;
    throw new ClusterNotUsable("NotFound", "There is none.");
  },
});

afterEach(() => pool.forget(ref));

it("hands out one connection as long as the registration stays the same", async () => {
  registration = { own: false, connection: remote };
  expect(await pool.connect(ref)).toBe(await pool.connect({ ...ref }));
});

it("makes a new connection when the token changes, and tells who used the old one", async () => {
  registration = { own: false, connection: remote };
  const before = await pool.connect(ref);
  const replaced: unknown[] = [];
  const stop = pool.onReplaced((cluster) => replaced.push(cluster));
  registration = { own: false, connection: { ...remote, token: "b" } };
  const after = await pool.connect(ref);
  stop();
  expect(after).not.toBe(before);
  expect(replaced).toEqual([before]);
});

it("uses the controller's own connection for its own cluster", async () => {
  registration = { own: true };
  expect(await pool.connect(ref)).toBe(host);
});

it("says why a cluster cannot be used", async () => {
  registration = undefined;
  await expect(pool.connect(ref)).rejects.toThrow("There is none.");
});
