import { MigStorage, Secret, isRefSet } from "@drover/crds";
import type { ObjectReference } from "@drover/crds";
import { polling } from "../polling.ts";
import type { ConditionInput } from "../runtime/condition-stage.ts";
import type { ReconcilerDeps } from "../runtime/deps.ts";
import { done, waiting } from "../runtime/outcome.ts";
import type { Outcome } from "../runtime/outcome.ts";
import type { Pass, Reconciler } from "../runtime/reconciler.ts";
import { probeBucket } from "./probe-bucket.ts";
import { isProvider, wrongBackupSettings, wrongSnapshotSettings } from "./provider-settings.ts";
import type { Provider, WrongSetting } from "./provider-settings.ts";
import { s3Target } from "./s3-target.ts";

type StoragePass = Pass<MigStorage>;

/** Says whether each replication repository can be used, and what would have to change when not. */
export function migStorageReconciler(deps: ReconcilerDeps): Reconciler<MigStorage> {
  return {
    kind: MigStorage,
    workers: 4,
    observed: "digest",
    async reconcile(pass) {
      const backup = await checkBackup(deps, pass);
      await checkSnapshots(deps, pass);
      if (backup && !pass.conditions.hasBlocker()) await probe(pass, backup);
      if (pass.object.spec.refresh) await pass.patch({ spec: { refresh: false } });
      const isReady = !pass.conditions.hasBlocker();
      pass.conditions.setReady(isReady, readyMessage(backup?.provider));
      return nextLook(pass, backup?.provider);
    },
  };
}

type Checked = { readonly provider: Provider; readonly secret: Secret };

async function checkBackup(deps: ReconcilerDeps, pass: StoragePass): Promise<Checked | undefined> {
  const { spec } = pass.object;
  const provider = spec.backupStorageProvider;
  if (!isProvider(provider)) {
    pass.conditions.set(wrongProvider("InvalidBackupStorageProvider", provider));
    return undefined;
  }
  const field = "spec.backupStorageConfig.credsSecretRef";
  const ref = spec.backupStorageConfig.credsSecretRef;
  const secret = await readSecret(deps, pass, ref);
  if (!secret) {
    pass.conditions.set(wrongSecretRef("InvalidBackupStorageCredsSecretRef", field, ref));
    return undefined;
  }
  const wrong = wrongBackupSettings(provider, spec.backupStorageConfig, secret);
  if (wrong.length > 0) pass.conditions.set(wrongSettings("InvalidBackupStorageSettings", wrong));
  return { provider, secret };
}

async function checkSnapshots(deps: ReconcilerDeps, pass: StoragePass): Promise<void> {
  const { volumeSnapshotProvider: provider, volumeSnapshotConfig: config = {} } = pass.object.spec;
  if (!provider) return;
  if (!isProvider(provider)) {
    pass.conditions.set(wrongProvider("InvalidVolumeSnapshotProvider", provider));
    return;
  }
  const field = "spec.volumeSnapshotConfig.credsSecretRef";
  const secret = await readSecret(deps, pass, config.credsSecretRef);
  if (!secret) {
    const type = "InvalidVolumeSnapshotCredsSecretRef";
    pass.conditions.set(wrongSecretRef(type, field, config.credsSecretRef));
    return;
  }
  const wrong = wrongSnapshotSettings(provider, config, secret);
  if (wrong.length > 0) pass.conditions.set(wrongSettings("InvalidVolumeSnapshotSettings", wrong));
}

/** Only S3 can be probed; the other providers are taken at their word, and Ready says so. */
async function probe(pass: StoragePass, { provider, secret }: Checked): Promise<void> {
  if (provider !== "aws") return;
  const target = s3Target(pass.object.spec.backupStorageConfig, secret);
  const failure = await probeBucket(target, pass.signal);
  if (failure === undefined) return;
  pass.conditions.set({
    type: "BackupStorageProviderTestFailed",
    category: "Critical",
    reason: "TestFailed",
    message: failure,
  });
}

async function readSecret(
  deps: ReconcilerDeps,
  pass: StoragePass,
  ref: ObjectReference | undefined,
): Promise<Secret | undefined> {
  if (!isRefSet(ref)) return undefined;
  const { namespace, name } = ref;
  const fieldSelector = `metadata.name=${name}`;
  await pass.wakeOn({ cluster: deps.host, kind: Secret, namespace, fieldSelector });
  return deps.host.find(Secret, { namespace, name });
}

function wrongProvider(type: string, provider: string | undefined): ConditionInput {
  const reason = provider ? "NotSupported" : "NotSet";
  const found = provider ? `The provider ${provider} is not known.` : "No provider is set.";
  return { type, category: "Critical", reason, message: `${found} Choose aws, gcp or azure.` };
}

function wrongSecretRef(
  type: string,
  field: string,
  ref: ObjectReference | undefined,
): ConditionInput {
  if (!isRefSet(ref)) {
    const message = `${field} needs the namespace and the name of the Secret with the credentials.`;
    return { type, category: "Critical", reason: "NotSet", message };
  }
  const message = `Secret ${ref.name} in namespace ${ref.namespace} does not exist. Create it with the credentials of the store.`;
  return { type, category: "Critical", reason: "NotFound", message };
}

function wrongSettings(type: string, wrong: readonly WrongSetting[]): ConditionInput {
  return {
    type,
    category: "Critical",
    reason: "NotSupported",
    message: `These settings are missing or wrong: []. ${wrong.map(({ advice }) => advice).join(" ")}`,
    items: wrong.map(({ item }) => item),
  };
}

function readyMessage(provider: Provider | undefined): string {
  if (provider === "aws")
    return "The replication repository is ready: an object was written, read and deleted.";
  return "The settings of the replication repository are complete. Only S3 stores can be probed, so whether it works shows with the first backup.";
}

function nextLook(pass: StoragePass, provider: Provider | undefined): Outcome {
  if (provider !== "aws") return done;
  const hasFailed = pass.conditions.has("BackupStorageProviderTestFailed");
  const { everyMs } = hasFailed ? polling.storageUnreachable : polling.storageProbe;
  const message = "Probes the bucket again.";
  return waiting({ reason: "Probe", message, afterMs: everyMs });
}
