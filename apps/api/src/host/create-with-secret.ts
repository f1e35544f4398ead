import { randomBytes } from "node:crypto";
import type { KubeObject, ResourceKind } from "@drover/crds";
import { Secret } from "@drover/crds";
import { KubeError } from "@drover/kube";
import type { Cluster } from "@drover/kube";
import { AppError } from "../app-error.ts";

type SecretRef = { readonly name: string; readonly namespace: string };

type Pair<T extends KubeObject> = {
  /** Its name is chosen here, from `namePrefix`. */
  readonly secret: Secret & { readonly metadata: { readonly namespace: string } };
  readonly namePrefix: string;
  readonly kind: ResourceKind<T>;
  readonly ref: SecretRef;
  readonly objectFor: (secretRef: SecretRef) => T;
};

async function takeBack(cluster: Cluster, ref: SecretRef, refusal: unknown): Promise<never> {
  await cluster.delete(Secret, ref).catch((cause: unknown) => {
    throw new AppError(
      "CLUSTER_REFUSED",
      `The cluster refused, and Secret ${ref.namespace}/${ref.name} could not be removed again. Delete it by hand if it is there.`,
      { cause: new AggregateError([refusal, cause]) },
    );
  });
  throw refusal;
}

/** An answer can get lost after the work was done; then the object is there although the write failed. */
async function createOrFind<T extends KubeObject>(
  cluster: Cluster,
  { kind, ref }: Pair<T>,
  object: T,
): Promise<T> {
  try {
    return await cluster.create(kind, object);
  } catch (refusal) {
    if (!(refusal instanceof KubeError && refusal.isTransient)) throw refusal;
    const found = await cluster.find(kind, ref);
    if (found === undefined) throw refusal;
    return found;
  }
}

/**
 * Creates a Secret and the object that refers to it, or neither. The name is ours, not the server's, so that a Secret
 * whose creation was not acknowledged can be taken back as well.
 */
export async function createWithSecret<T extends KubeObject>(
  cluster: Cluster,
  pair: Pair<T>,
): Promise<T> {
  const name = `${pair.namePrefix}-${randomBytes(3).toString("hex").slice(0, 5)}`;
  const ref = { name, namespace: pair.secret.metadata.namespace };
  try {
    await cluster.create(Secret, { ...pair.secret, metadata: { ...pair.secret.metadata, name } });
  } catch (refusal) {
    if (refusal instanceof KubeError && refusal.isTransient) return takeBack(cluster, ref, refusal);
    throw refusal;
  }
  return createOrFind(cluster, pair, pair.objectFor(ref)).catch((refusal: unknown) =>
    takeBack(cluster, ref, refusal),
  );
}

/** Replaces data of a Secret, and puts the old back when `then` fails. */
export async function withChangedSecret<T>(
  cluster: Cluster,
  change: { readonly ref: SecretRef; readonly data: Readonly<Record<string, string>> },
  then: () => Promise<T>,
): Promise<T> {
  const before = await cluster.get(Secret, change.ref);
  const patch = (data: object) =>
    cluster.patch(Secret, change.ref, { type: "merge", body: { data } });
  await patch(change.data);
  try {
    return await then();
  } catch (refusal) {
    const old = Object.fromEntries(
      Object.keys(change.data).map((key) => [key, before.data?.[key] ?? null]),
    );
    await patch(old).catch((cause: unknown) => {
      throw new AppError(
        "CLUSTER_REFUSED",
        `The change was refused, and Secret ${change.ref.namespace}/${change.ref.name} could not be put back. Enter the credentials again.`,
        { cause: new AggregateError([refusal, cause]) },
      );
    });
    throw refusal;
  }
}
