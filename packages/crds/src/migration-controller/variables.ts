import {
  componentVariables,
  consoleVariables,
  controllerPodVariables,
} from "./component-variables.ts";
import { imageVariables } from "./image-variables.ts";
import { legacyVariables } from "./legacy-variables.ts";
import {
  exclusionVariables,
  limitVariables,
  proxyVariables,
  registryVariables,
  resizeVariables,
} from "./migration-variables.ts";
import { endpointVariables, rsyncVariables, transferPodVariables } from "./transfer-variables.ts";
import { veleroVariables } from "./velero-variables.ts";

/** Variables by topic, in the order a settings page shows them. */
export const variableTopics = {
  limits: limitVariables,
  exclusion: exclusionVariables,
  rsync: rsyncVariables,
  transferPods: transferPodVariables,
  endpoint: endpointVariables,
  resize: resizeVariables,
  proxy: proxyVariables,
  registry: registryVariables,
  controllerPod: controllerPodVariables,
  console: consoleVariables,
  velero: veleroVariables,
  components: componentVariables,
  images: imageVariables,
  legacy: legacyVariables,
} as const;

/** Every variable of the MigrationController's spec. */
export const migrationControllerVariables = {
  ...legacyVariables,
  ...imageVariables,
  ...componentVariables,
  ...veleroVariables,
  ...consoleVariables,
  ...controllerPodVariables,
  ...registryVariables,
  ...proxyVariables,
  ...resizeVariables,
  ...endpointVariables,
  ...transferPodVariables,
  ...rsyncVariables,
  ...exclusionVariables,
  ...limitVariables,
} as const;

export type VariableName = keyof typeof migrationControllerVariables;
