import { lstat, mkdir, rm, symlink } from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import type { Container, Pod } from "../kinds/pod.ts";
import type { PodMount } from "../program.ts";
import { accountMountPath, accountVolumeName } from "./pod-volumes.ts";
import type { PreparedVolume } from "./pod-volumes.ts";

/** The directory that stands for a container's `/`, with links where its volumes are mounted. */
export type ContainerRoot = {
  readonly rootDir: string;
  readonly mounts: readonly PodMount[];
  path(containerPath: string): string;
};

export type RootOptions = {
  readonly rootDir: string;
  readonly volumes: ReadonlyMap<string, PreparedVolume>;
  /** Fills in `$(NAME)` of `subPathExpr`. */
  readonly expand: (text: string) => string;
};

/** Lays out the root of a container; safe to repeat. */
export async function prepareRoot(
  pod: Pod,
  container: Container,
  options: RootOptions,
): Promise<ContainerRoot> {
  const mounts = mountsOf(pod, container, options);
  await mkdir(join(options.rootDir, "tmp"), { recursive: true, mode: 0o1777 });
  for (const mount of mounts) {
    if (mount.realPath !== options.volumes.get(mount.volume)?.directory)
      await ensureSubPath(mount.realPath);
    // A mount inside another volume is found by `path` alone: a link there would end up in that volume's data.
    if (mounts.some((other) => other !== mount && isInside(mount.mountPath, other.mountPath)))
      continue;
    await ensureLink(join(options.rootDir, mount.mountPath), mount.realPath);
  }
  const deepestFirst = mounts.toSorted((a, b) => b.mountPath.length - a.mountPath.length);
  return {
    rootDir: options.rootDir,
    mounts,
    path(containerPath) {
      const path = posix.normalize(posix.join("/", containerPath));
      const mount = deepestFirst.find(({ mountPath }) => isInside(path, mountPath));
      if (mount === undefined) return join(options.rootDir, path);
      return join(mount.realPath, path.slice(mount.mountPath.length));
    },
  };
}

function mountsOf(pod: Pod, container: Container, options: RootOptions): PodMount[] {
  const wanted = [...(container.volumeMounts ?? [])];
  if (
    options.volumes.has(accountVolumeName) &&
    !wanted.some((mount) => mount.mountPath === accountMountPath)
  ) {
    wanted.push({ name: accountVolumeName, mountPath: accountMountPath, readOnly: true });
  }
  return wanted.map((mount) => {
    const volume = options.volumes.get(mount.name);
    if (volume === undefined) {
      throw new Error(
        `Container ${container.name} mounts ${mount.name}, which is no volume of pod ${pod.metadata.name ?? ""}.`,
      );
    }
    const subPath = mount.subPath ?? options.expand(mount.subPathExpr ?? "");
    return {
      volume: mount.name,
      mountPath: posix.normalize(posix.join("/", mount.mountPath)).replace(/(.)\/$/, "$1"),
      realPath: join(volume.directory, posix.normalize(posix.join("/", subPath))).replace(
        /\/$/,
        "",
      ),
      readOnly: mount.readOnly === true || volume.readOnly,
    };
  });
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === "/" ? "/" : `${folder}/`);
}

async function ensureSubPath(path: string): Promise<void> {
  const known = await lstat(path).catch(() => undefined);
  if (known === undefined) await mkdir(path, { recursive: true });
}

async function ensureLink(at: string, target: string): Promise<void> {
  await mkdir(dirname(at), { recursive: true });
  await rm(at, { recursive: true, force: true });
  await symlink(target, at);
}
