import type { KubeObject, ResourceKind } from "@drover/crds";
import { Secret } from "@drover/crds";
import type { Cluster } from "@drover/kube";
import { AppError } from "../app-error.ts";

type SecretRef = { readonly name: string; readonly namespace: string };

type Pair<T extends KubeObject> = {
  readonly secret: Secret;
  readonly kind: ResourceKind<T>;
  readonly objectFor: (secretRef: SecretRef) => T;
};

/** Creates a Secret and the object that refers to it. When the second is refused, the first is taken back. */
export async function createWithSecret<T extends KubeObject>(
  cluster: Cluster,
  { secret, kind, objectFor }: Pair<T>,
): Promise<T> {
  const created = await cluster.create(Secret, secret);
  const { name, namespace } = created.metadata;
  if (name === undefined || namespace === undefined)
    throw new Error("The cluster created a Secret without a name.");
  try {
    return await cluster.create(kind, objectFor({ name, namespace }));
  } catch (refusal) {
    await cluster.delete(Secret, { name, namespace }).catch((cause: unknown) => {
      throw new AppError(
        "CLUSTER_REFUSED",
        `The ${kind.kind} was refused, and Secret ${namespace}/${name} could not be removed again. Delete it by hand.`,
        { cause: new AggregateError([refusal, cause]) },
      );
    });
    throw refusal;
  }
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
