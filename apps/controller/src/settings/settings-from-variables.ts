import {
  clusterConfigMap,
  controllerConfigMap,
  migrationControllerVariables,
  readVariable,
} from "@drover/crds";
import type { MigrationController, VariableName } from "@drover/crds";

export type SettingsMaps = {
  /** By ConfigMap, what the variables that are set say. */
  readonly data: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** A sentence for each variable that cannot be read. */
  readonly problems: readonly string[];
};

/** The entries of the two ConfigMaps that a MigrationController's variables stand for. Absent ones set nothing. */
export function settingsFromVariables(controller: Pick<MigrationController, "spec">): SettingsMaps {
  const data: Record<string, Record<string, string>> = {
    [controllerConfigMap]: {},
    [clusterConfigMap]: {},
  };
  const problems: string[] = [];
  for (const name of Object.keys(migrationControllerVariables) as VariableName[]) {
    const [map = "", key] = migrationControllerVariables[name].setsOn.split("/");
    const entries = data[map];
    if (!entries || !key || key.includes(" ")) continue;
    const reading = readVariable(controller, name);
    if (reading.state === "unreadable") problems.push(reading.message);
    if (reading.state === "set") entries[key] = settingText(reading.value);
  }
  return { data, problems };
}

function settingText(value: unknown): string {
  return Array.isArray(value) ? value.join(",") : String(value);
}
