import type { RsyncSettings } from "../settings/controller-settings.ts";
import type { PodIdentity } from "./pod-identity.ts";

const ARCHIVE = [
  "--recursive",
  "--links",
  "--perms",
  "--devices",
  "--specials",
  "--times",
  "--owner",
  "--group",
] as const;

/** Only root may give files away and make device nodes; asking for it as anyone else fails on every file. */
const ROOT_ONLY: readonly string[] = ["--owner", "--group", "--devices"];

/** The options that say what a copy of a volume is; the comparison afterwards uses the same. */
export function rsyncOptions(settings: RsyncSettings, identity: PodIdentity): string[] {
  const isRoot = identity.kind === "root";
  return [
    ...(settings.archive ? archiveOptions(isRoot) : []),
    ...(settings.hardlinks ? ["--hard-links"] : []),
    "--acls",
    "--xattrs",
    // The target's own label is right there; the source's may name a category the target's pods lack.
    "--filter=-x security.selinux",
    "--sparse",
    "--numeric-ids",
    ...(isRoot ? [] : ["--omit-dir-times"]),
    ...(settings.delete ? ["--delete"] : []),
    ...(settings.partial ? ["--partial"] : []),
    ...(settings.bandwidthLimit === undefined ? [] : [`--bwlimit=${settings.bandwidthLimit}`]),
    // Only the file system's own directory at the top; one deeper down is the user's.
    "--exclude=/lost+found",
    "--timeout=600",
    ...settings.extras,
  ];
}

/**
 * The options that compare a copy that came through the repository: everything that Velero's uploaders keep. The
 * settings of rsync do not count, as rsync did not copy.
 */
export function comparisonOptions(identity: PodIdentity): string[] {
  const isRoot = identity.kind === "root";
  return [
    ...archiveOptions(isRoot),
    "--hard-links",
    "--acls",
    "--xattrs",
    "--filter=-x security.selinux",
    "--numeric-ids",
    ...(isRoot ? [] : ["--omit-dir-times"]),
    "--delete",
    "--exclude=/lost+found",
    // Where Velero leaves word that a volume is restored.
    "--exclude=/.velero",
    "--timeout=600",
  ];
}

function archiveOptions(isRoot: boolean): string[] {
  return ARCHIVE.filter((option) => isRoot || !ROOT_ONLY.includes(option));
}
