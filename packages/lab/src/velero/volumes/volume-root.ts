import { chmod, chown, stat } from "node:fs/promises";

// restic keeps what is inside a directory, but not the owner and mode of the directory itself.
const tagName = "volume-root";

/** The owner and mode of a volume's top directory, as a tag for its snapshot. */
export async function rootTag(path: string): Promise<Record<string, string>> {
  const { uid, gid, mode } = await stat(path);
  return { [tagName]: `${uid}:${gid}:${(mode & 0o7777).toString(8)}` };
}

/** Gives the top directory the owner and mode its snapshot was tagged with; other tools' snapshots have no such tag. */
export async function applyRootTag(path: string, tags: readonly string[]): Promise<void> {
  const tag = tags.find((candidate) => candidate.startsWith(`${tagName}=`));
  const match = /=(\d+):(\d+):([0-7]+)$/.exec(tag ?? "");
  if (match === null) return;
  await chown(path, Number(match[1]), Number(match[2]));
  await chmod(path, Number.parseInt(match[3] ?? "", 8));
}
