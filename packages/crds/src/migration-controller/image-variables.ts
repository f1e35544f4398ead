import { text } from "./variable.ts";
import type { Variable, VariableReader } from "./variable.ts";

type Family = { readonly readBy: VariableReader; readonly setsOn: string; readonly repo: string };

// The fully qualified name wins; it is otherwise made of registry, project, repo and version.
const families = {
  mig_controller: {
    readBy: "operator",
    setsOn: "Deployment migration-controller",
    repo: "mig-controller",
  },
  mig_ui: { readBy: "operator", setsOn: "Deployment migration-ui", repo: "mig-ui" },
  mig_log_reader: {
    readBy: "operator",
    setsOn: "Deployment migration-log-reader",
    repo: "mig-log-reader",
  },
  hook_runner: { readBy: "console", setsOn: "mig-ui-config/migmeta.json", repo: "hook-runner" },
  rsync_transfer: {
    readBy: "transfer",
    setsOn: "migration-cluster-config/RSYNC_TRANSFER_IMAGE",
    repo: "rsync-transfer",
  },
  migration_stage: {
    readBy: "controller",
    setsOn: "migration-cluster-config/STAGE_IMAGE",
    repo: "rsync-transfer",
  },
  migration_registry: {
    readBy: "registry",
    setsOn: "migration-cluster-config/REGISTRY_IMAGE",
    repo: "registry",
  },
  mtc_velero_plugin: {
    readBy: "velero",
    setsOn: "DataProtectionApplication velero",
    repo: "velero-plugin-for-mtc",
  },
} as const satisfies Record<string, Family>;

type FamilyName = keyof typeof families;
type FqinName = `${Exclude<FamilyName, "mtc_velero_plugin">}_image_fqin` | "mtc_velero_plugin_fqin";
type PartName = `${FamilyName}_${"repo" | "image" | "version"}`;

function imageParts(): Record<FqinName | PartName, Variable<"string">> {
  return Object.fromEntries(
    Object.entries(families).flatMap(([name, { repo, ...family }]) => [
      [fqinOf(name), text(undefined, { ...family, about: `Full name of the image ${repo}.` })],
      [`${name}_repo`, text(repo, { ...partOf(name), about: `Repository name of ${repo}.` })],
      [
        `${name}_image`,
        text(undefined, { ...partOf(name), about: `${repo} with registry and project.` }),
      ],
      [`${name}_version`, text(undefined, { ...partOf(name), about: `Tag of ${repo}.` })],
    ]),
  ) as Record<FqinName | PartName, Variable<"string">>;
}

// Only the full name is written anywhere; its parts make it up.
function partOf(family: string): Pick<Variable, "readBy" | "setsOn"> {
  return { readBy: "operator", setsOn: fqinOf(family) };
}

function fqinOf(family: string): string {
  return family === "mtc_velero_plugin" ? `${family}_fqin` : `${family}_image_fqin`;
}

const everyImage = { readBy: "operator", setsOn: "every image name" } as const;

/** Images; each may be given whole or in parts. */
export const imageVariables = {
  registry: text("quay.io", { ...everyImage, about: "Registry of all images." }),
  project: text("konveyor", { ...everyImage, about: "Project of all images." }),
  snapshot_tag: text(undefined, { ...everyImage, about: "Tag of all images." }),
  ...imageParts(),
};
