import { opendir } from "node:fs/promises";
import { join } from "node:path";

/*
 * A key becomes a path whose directory walk, sorted level by level, yields keys in the byte order S3 lists them in:
 * no index is kept in memory. Keys are handled as latin1 strings of their UTF-8 bytes, whose order is the byte order.
 *   <segment>+o   an object whose key ends with this segment
 *   <segment>+d   the segment and a slash, more follows inside
 *   <64 bytes>+c  the first bytes of a longer segment, which goes on inside (file names end at 255 bytes)
 */
const maxSegment = 64;

export function keyBytes(key: string): string {
  return Buffer.from(key, "utf8").toString("latin1");
}

export function keyFromBytes(bytes: string): string {
  return Buffer.from(bytes, "latin1").toString("utf8");
}

function encodeSegment(bytes: string): string {
  return bytes.replace(/[^A-Za-z0-9_.-]/g, (c) => {
    return `%${c.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
}

function decodeSegment(name: string): string {
  return name.replace(/%([0-9a-f]{2})/g, (_, hex: string) => {
    return String.fromCharCode(Number.parseInt(hex, 16));
  });
}

function segmentPath(segment: string, ending: "+o" | "+d"): string[] {
  const names: string[] = [];
  let rest = segment;
  while (rest.length >= maxSegment) {
    names.push(`${encodeSegment(rest.slice(0, maxSegment))}+c`);
    rest = rest.slice(maxSegment);
  }
  return [...names, encodeSegment(rest) + ending];
}

/** Where the object of a key lives below `root`. */
export function keyPath(root: string, key: string): string {
  const segments = keyBytes(key).split("/");
  const last = segments.pop() ?? "";
  const directories = segments.flatMap((segment) => segmentPath(segment, "+d"));
  return join(root, ...directories, ...segmentPath(last, "+o"));
}

/** A key found by walking, as bytes, and the file that holds its object. */
export type FoundKey = { readonly bytes: string; readonly path: string };

export type WalkRange = {
  /** Only keys that begin with it. */
  readonly prefix: string;
  /** Only keys that come after it. */
  readonly after: string;
};

type Entry = { readonly name: string; readonly bytes: string; readonly isObject: boolean };

function toEntry(name: string, before: string): Entry {
  const kind = name.slice(-2);
  const bytes = before + decodeSegment(name.slice(0, -2)) + (kind === "+d" ? "/" : "");
  return { name, bytes, isObject: kind === "+o" };
}

function isWithin(entry: Entry, { prefix, after }: WalkRange): boolean {
  const { bytes } = entry;
  if (entry.isObject) return bytes.startsWith(prefix) && bytes > after;
  const leadsToPrefix = bytes.startsWith(prefix) || prefix.startsWith(bytes);
  return leadsToPrefix && bytes >= after.slice(0, bytes.length);
}

async function readEntries(directory: string, before: string, range: WalkRange): Promise<Entry[]> {
  const entries: Entry[] = [];
  try {
    for await (const { name } of await opendir(directory)) {
      const entry = toEntry(name, before);
      if (isWithin(entry, range)) entries.push(entry);
    }
  } catch (error) {
    // A directory emptied by a delete meanwhile holds no keys.
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  return entries.sort((a, b) => (a.bytes < b.bytes ? -1 : Number(a.bytes > b.bytes)));
}

/** Keys in order, directory by directory; memory is bounded by the widest directories on one path. */
export async function* walkKeys(
  directory: string,
  range: WalkRange,
  before = "",
): AsyncGenerator<FoundKey> {
  for (const entry of await readEntries(directory, before, range)) {
    const path = join(directory, entry.name);
    if (entry.isObject) yield { bytes: entry.bytes, path };
    else yield* walkKeys(path, range, entry.bytes);
  }
}
