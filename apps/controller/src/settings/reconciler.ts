import { ConfigMap, Deployment, MigrationController } from "@drover/crds";
import type { ReconcilerDeps } from "../runtime/deps.ts";
import { done } from "../runtime/outcome.ts";
import type { Pass, Reconciler } from "../runtime/reconciler.ts";
import { settingsFromVariables } from "./settings-from-variables.ts";

const FIELD_MANAGER = "drover-controller-settings";
/** Where MTC's own operator runs, it does this. */
const OPERATOR = "migration-operator";

/** Writes what a MigrationController says into the ConfigMaps that the other reconcilers read. */
export function migrationControllerReconciler(
  deps: ReconcilerDeps,
): Reconciler<MigrationController> {
  const { host, namespace } = deps;
  return {
    kind: MigrationController,
    async reconcile(pass) {
      const operator = await host.find(Deployment, { namespace, name: OPERATOR });
      if (operator) return done;
      const { data, problems } = settingsFromVariables(pass.object);
      for (const [name, entries] of Object.entries(data)) {
        await applySettings(deps, name, entries);
      }
      await report(pass, problems);
      return done;
    },
  };
}

/** Applied under a name of its own, so that an entry goes when its variable goes, and no other entry is touched. */
async function applySettings(
  { host, namespace }: ReconcilerDeps,
  name: string,
  data: Readonly<Record<string, string>>,
): Promise<void> {
  const found = await host.find(ConfigMap, { namespace, name });
  if (!found && Object.keys(data).length === 0) return;
  const configMap: ConfigMap = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace },
    data,
  };
  await host.apply(ConfigMap, configMap, { fieldManager: FIELD_MANAGER });
}

async function report(pass: Pass<MigrationController>, problems: readonly string[]): Promise<void> {
  if (problems.length === 0) return;
  const message = `These settings cannot be read and have no effect: ${problems.join(" ")}`;
  pass.log.warn(message);
  await pass.event({ type: "Warning", reason: "SettingsUnreadable", message });
}
