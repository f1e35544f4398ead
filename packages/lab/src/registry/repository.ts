import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { draftMark, writeWhole } from "./content-store.ts";
import { digestText, parseDigest } from "./digest.ts";
import type { Digest } from "./digest.ts";

type LinkKind = "layers" | "manifests" | "tags" | "referrers";

/**
 * What one image stream holds: links to content, each a small file. Content that is not linked here is not to be had
 * here, whoever else has it.
 */
export class Repository {
  readonly #dir: string;

  constructor(dir: string) {
    this.#dir = dir;
  }

  get uploadsDir(): string {
    return join(this.#dir, "uploads");
  }

  async hasLayer(digest: Digest): Promise<boolean> {
    return (await this.#read("layers", fileName(digest))) !== undefined;
  }

  async linkLayer(digest: Digest): Promise<void> {
    await this.#write("layers", fileName(digest), "");
  }

  /** False when it was not there. */
  async unlinkLayer(digest: Digest): Promise<boolean> {
    return this.#remove("layers", fileName(digest));
  }

  /** The media type a manifest was pushed with. */
  async manifestType(digest: Digest): Promise<string | undefined> {
    return this.#read("manifests", fileName(digest));
  }

  async linkManifest(digest: Digest, mediaType: string): Promise<void> {
    await this.#write("manifests", fileName(digest), mediaType);
  }

  /** Takes the tags that name it away as well. False when it was not there. */
  async unlinkManifest(digest: Digest): Promise<boolean> {
    for (const tag of await this.tagsOf(digest)) await this.untag(tag);
    return this.#remove("manifests", fileName(digest));
  }

  /** In the order of their bytes. */
  async tags(): Promise<string[]> {
    return this.#names("tags");
  }

  async tagsOf(digest: Digest): Promise<string[]> {
    const wanted = digestText(digest);
    const tags = await this.tags();
    const digests = await Promise.all(tags.map((tag) => this.#read("tags", tag)));
    return tags.filter((_, index) => digests[index] === wanted);
  }

  async tagged(tag: string): Promise<Digest | undefined> {
    const text = await this.#read("tags", tag);
    return text === undefined ? undefined : parseDigest(text);
  }

  async tag(tag: string, digest: Digest): Promise<void> {
    await this.#write("tags", tag, digestText(digest));
  }

  async untag(tag: string): Promise<boolean> {
    return this.#remove("tags", tag);
  }

  /** Remembers that a manifest says something about another one, which need not be there. */
  async linkReferrer(subject: Digest, digest: Digest): Promise<void> {
    await this.#write("referrers", join(fileName(subject), fileName(digest)), "");
  }

  async referrers(subject: Digest): Promise<Digest[]> {
    const names = await this.#names(join("referrers", fileName(subject)));
    return names.map((name) => parseDigest(name.replace("-", ":")));
  }

  async unlinkReferrer(subject: Digest, digest: Digest): Promise<void> {
    await this.#remove("referrers", join(fileName(subject), fileName(digest)));
  }

  async #read(kind: LinkKind, name: string): Promise<string | undefined> {
    return readFile(join(this.#dir, kind, name), "utf8").catch(unlessMissing);
  }

  async #write(kind: LinkKind, name: string, text: string): Promise<void> {
    await writeWhole(join(this.#dir, kind, name), text);
  }

  async #remove(kind: LinkKind, name: string): Promise<boolean> {
    const removed = rm(join(this.#dir, kind, name)).then(() => true);
    return (await removed.catch(unlessMissing)) ?? false;
  }

  async #names(folder: string): Promise<string[]> {
    const names = (await readdir(join(this.#dir, folder)).catch(unlessMissing)) ?? [];
    return names.filter((name) => !name.startsWith(draftMark)).toSorted();
  }
}

function fileName({ algorithm, hex }: Digest): string {
  return `${algorithm}-${hex}`;
}

function unlessMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
  throw error;
}
