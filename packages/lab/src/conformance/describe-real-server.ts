import { expect, test } from "vitest";
import { describeServer } from "./describe-server.ts";
import { findKubeAssets } from "../kubeserver/kube-assets.ts";
import { findKubectls } from "./kubectl.ts";
import { startRealServer } from "./real-server.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Makes tests of the cases for a real kube-apiserver, where this machine has one. */
export async function describeRealServer(environment: Environment): Promise<void> {
  const assets = findKubeAssets(environment);
  const isRequired = environment["DROVER_REQUIRE_KUBE"] === "1";
  const isMissing = assets === undefined && !isRequired;
  test.skipIf(isMissing)(`a real kube-apiserver is at hand`, () => {
    expect(assets, "npm run kube-assets fetches kube-apiserver and etcd").toBeDefined();
  });
  if (assets === undefined) return;
  describeServer(await startRealServer(assets), await findKubectls(environment));
  const { controllerManager, ...withoutControllers } = assets;
  if (controllerManager === undefined) return;
  // What the lab's controllers do on the lab's API server they have to do on a real one as well.
  const bare = await startRealServer(withoutControllers);
  describeServer(bare, [], ({ needs }) => needs === "controllers");
}
