import { DirectVolumeMigration, Secret, apiVersionOf } from "@drover/crds";
import type { Cluster } from "@drover/kube";
import { transferLabels, transferNames } from "../../manifests/transfer-run.ts";
import type { ClaimRef } from "../../manifests/transfer-run.ts";
import { done } from "../../runtime/outcome.ts";
import type { Step } from "../../runtime/step.ts";
import { createOrFind } from "../create-or-find.ts";
import { createTransferCredentials } from "../transfer-credentials.ts";
import { copiesByTarget } from "../volume-scope.ts";
import type { VolumeScope } from "../volume-scope.ts";

/** The files of each end, prefixed with the end: the Secret on the host cluster holds both. */
const FILES = ["ca.crt", "tls.crt", "tls.key", "password"] as const;

/** Done when both ends of each target namespace hold credentials that belong together. */
export const createCredentials: Step<VolumeScope> = {
  name: "CreateStunnelConfig",
  isDone: ({ isPast }) => isPast("CreateStunnelConfig"),
  async run(scope) {
    const { run, copies, source, target } = scope;
    for (const [namespace, group] of copiesByTarget(copies)) {
      const both = await ensureBoth(scope, namespace);
      const name = transferNames.serverSecret(run);
      await ensureEnd(scope, target.cluster, { ref: { name, namespace }, end: "server", both });
      for (const copy of group) {
        const ref = {
          name: transferNames.clientSecret(run, copy),
          namespace: copy.claim.namespace,
        };
        await ensureEnd(scope, source.cluster, { ref, end: "client", both });
      }
    }
    return done;
  },
};

/** Made once and kept on the host: an end that has to be made again still fits the other. */
async function ensureBoth({ pass, deps, run }: VolumeScope, namespace: string): Promise<Secret> {
  const ref = { name: transferNames.credentials(run, namespace), namespace: deps.namespace };
  const found = await deps.host.find(Secret, ref);
  if (found) return found;
  const pair = await createTransferCredentials(pass.now());
  const stringData = Object.fromEntries(
    (["server", "client"] as const).flatMap((end) =>
      FILES.map((file) => [`${end}.${file}`, pair[end][file]]),
    ),
  );
  return createOrFind(deps.host, Secret, {
    apiVersion: apiVersionOf(Secret),
    kind: Secret.kind,
    metadata: {
      ...ref,
      labels: transferLabels(run),
      ownerReferences: [
        {
          apiVersion: apiVersionOf(DirectVolumeMigration),
          kind: DirectVolumeMigration.kind,
          name: run.name,
          uid: run.uid,
        },
      ],
    },
    stringData,
  });
}

type End = {
  readonly ref: ClaimRef;
  readonly end: "server" | "client";
  readonly both: Secret;
};

async function ensureEnd(
  { run }: VolumeScope,
  cluster: Cluster,
  { ref, end, both }: End,
): Promise<void> {
  const data = Object.fromEntries(FILES.map((file) => [file, both.data?.[`${end}.${file}`] ?? ""]));
  await createOrFind(cluster, Secret, {
    apiVersion: apiVersionOf(Secret),
    kind: Secret.kind,
    metadata: { ...ref, labels: transferLabels(run) },
    data,
  });
}
