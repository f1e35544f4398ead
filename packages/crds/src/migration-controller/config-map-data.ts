import type { MigrationController } from "./migration-controller.ts";
import { readVariable } from "./read-variable.ts";
import { migrationControllerVariables } from "./variables.ts";
import type { VariableName } from "./variables.ts";
import type { controllerConfigMap, clusterConfigMap } from "./variable.ts";

/** What the variables of a MigrationController write into a ConfigMap, and those that cannot be read. */
export type ConfigMapData = {
  readonly data: Readonly<Record<string, string>>;
  readonly problems: readonly string[];
};

/**
 * The entries of one of the two ConfigMaps that come from variables which are set. Whoever reads the ConfigMap has
 * the defaults for the others.
 */
export function configMapData(
  controller: Pick<MigrationController, "spec">,
  configMap: typeof controllerConfigMap | typeof clusterConfigMap,
): ConfigMapData {
  const readings = Object.entries(migrationControllerVariables)
    .filter(([, { setsOn }]) => setsOn.startsWith(`${configMap}/`))
    .map(([name, { setsOn }]) => ({
      key: setsOn.slice(configMap.length + 1),
      reading: readVariable(controller, name as VariableName),
    }));
  return {
    data: Object.fromEntries(
      readings.flatMap(({ key, reading }) =>
        reading.state === "set" ? [[key, String(reading.value)]] : [],
      ),
    ),
    problems: readings.flatMap(({ reading }) =>
      reading.state === "unreadable" ? [reading.message] : [],
    ),
  };
}
