import type { CreateStorage } from "@drover/contract";
import { MigStorage, Secret, apiVersionOf } from "@drover/crds";
import type { Actor } from "../access/actor.ts";
import { AppError } from "../app-error.ts";
import type { Config } from "../config.ts";
import { createWithSecret } from "../host/create-with-secret.ts";
import { secretData, storageFrom } from "./storage-spec.ts";

export type StorageDeps = { readonly config: Config };

/** Adds a replication repository: the Secret with its keys and the MigStorage, or neither. */
export async function createStorage(
  { config }: StorageDeps,
  actor: Actor,
  form: CreateStorage,
): Promise<MigStorage> {
  const { name } = form;
  const { namespace, configNamespace } = config;
  if ((await actor.cluster.find(MigStorage, { namespace, name })) !== undefined)
    throw new AppError(
      "CONFLICT",
      `There already is a replication repository named ${name}. Choose another name.`,
      {
        errors: [{ field: "name", message: "This name is taken." }],
      },
    );
  return createWithSecret(actor.cluster, {
    namePrefix: name,
    ref: { namespace, name },
    secret: {
      apiVersion: apiVersionOf(Secret),
      kind: Secret.kind,
      metadata: { namespace: configNamespace },
      type: "Opaque",
      data: secretData(form),
    },
    kind: MigStorage,
    objectFor: (secretRef) => {
      const { annotations, spec } = storageFrom(form, secretRef);
      return {
        apiVersion: apiVersionOf(MigStorage),
        kind: MigStorage.kind,
        metadata: { name, namespace, annotations },
        spec,
      };
    },
  });
}
