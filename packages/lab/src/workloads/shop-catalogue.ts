type Common = {
  /** Below the volume's root. */
  readonly path: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtimeSeconds: number;
};

/** One thing in the shop's volume. */
export type ShopEntry =
  | (Common & { readonly type: "directory" })
  | (Common & { readonly type: "file"; readonly content: Buffer })
  | (Common & { readonly type: "sparse"; readonly sizeBytes: number; readonly content: Buffer })
  | (Common & { readonly type: "symlink"; readonly target: string })
  | (Common & { readonly type: "hardlink"; readonly target: string });

const fileModes = [0o644, 0o600, 0o640, 0o664, 0o755, 0o444, 0o400, 0o4755];
const folderModes = [0o755, 0o750, 0o2775, 0o1777, 0o700];
const owners = [0, 1000, 1001, 2000, 65534, 1000650000];
const filesPerFolder = 50;
const oddNames = [
  "with space.txt",
  " leading and trailing ",
  "-rf",
  "ümläut-日本語-🛒.txt",
  "quote'\"back\\slash",
  "new\nline",
  "*?[glob]",
  "~tilde",
  "#comment",
  "very-long-".repeat(24),
  ".hidden",
  "percent%20.txt",
];

/**
 * The shop's volume as a list: so many regular files, and beside them folders, links and sparse files of the sorts
 * that copies get wrong. Always the same list for the same number.
 */
export function shopCatalogue(files: number): ShopEntry[] {
  const random = randomNumbers(20260101);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const common = (path: string, modes: readonly number[]): Common => ({
    path,
    mode: pick(modes),
    uid: pick(owners),
    gid: pick(owners),
    mtimeSeconds: 1_500_000_000 + Math.floor(random() * 200_000_000),
  });
  const folders = new Map<string, ShopEntry>();
  const inFolder = (path: string): string => {
    for (let slash = path.indexOf("/"); slash !== -1; slash = path.indexOf("/", slash + 1)) {
      const folder = path.slice(0, slash);
      if (!folders.has(folder))
        folders.set(folder, { type: "directory", ...common(folder, folderModes) });
    }
    return path;
  };
  const regular: ShopEntry[] = [];
  for (let index = 0; index < files; index += 1) {
    const path = inFolder(filePath(index));
    const content = contentOf(path, Math.floor(random() ** 3 * 8192));
    regular.push({ type: "file", ...common(path, fileModes), content });
  }
  const others: ShopEntry[] = [];
  const linked = Math.ceil(files / 50);
  for (let index = 0; index < linked; index += 1) {
    const target = pick(regular).path;
    const hard = inFolder(`links/hard-${index}`);
    others.push({ type: "hardlink", ...common(hard, [0]), target });
    const soft = inFolder(`links/soft-${index}`);
    others.push({ type: "symlink", ...common(soft, [0o777]), target: linkTarget(index, target) });
  }
  for (let index = 0; index < Math.min(20, files); index += 1) {
    const path = inFolder(`sparse/image-${index}.img`);
    const sizeBytes = (index + 1) * 1_048_576 + index;
    others.push({
      type: "sparse",
      ...common(path, fileModes),
      sizeBytes,
      content: contentOf(path, 4096),
    });
  }
  folders.set("empty", { type: "directory", ...common("empty", folderModes) });
  return [...folders.values(), ...regular, ...others];
}

function filePath(index: number): string {
  const odd = oddNames[index];
  if (odd !== undefined) return `odd/${odd}`;
  const folder = Math.floor(index / filesPerFolder);
  return `products/${String(folder % 10)}/${String(folder).padStart(3, "0")}/item-${index}.json`;
}

function linkTarget(index: number, target: string): string {
  if (index % 10 === 0) return "nowhere/to-be-found";
  if (index % 10 === 1) return "../products";
  return `../${target}`;
}

function contentOf(path: string, sizeBytes: number): Buffer {
  const line = Buffer.from(`${JSON.stringify({ path })}\n`);
  return Buffer.alloc(sizeBytes, line);
}

/** Mulberry32: small, and the same everywhere. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
