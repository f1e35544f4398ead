import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { DiscoveredResource } from "@drover/kube";
import { groupResource, type RawObject } from "../raw-object.ts";

export const formatVersion = "1.1.0";

/** An object in the backup; its content is on disk. */
export type Item = {
  readonly resource: DiscoveredResource;
  readonly namespace: string | undefined;
  readonly name: string;
};

/** The objects of one backup, in the layout of Velero's archives. */
export class ItemStore {
  readonly #directory: string;
  readonly #items = new Map<string, Item>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  static async create(directory: string): Promise<ItemStore> {
    const version = join(directory, "metadata", "version");
    await mkdir(dirname(version), { recursive: true });
    await writeFile(version, formatVersion);
    await mkdir(join(directory, "resources"), { recursive: true });
    return new ItemStore(directory);
  }

  get size(): number {
    return this.#items.size;
  }

  items(): Iterable<Item> {
    return this.#items.values();
  }

  /** False when the object is in the backup already. */
  async add(resource: DiscoveredResource, object: RawObject): Promise<boolean> {
    const { name = "", namespace } = object.metadata;
    const item = { resource, name, namespace };
    const key = this.#path(item);
    if (this.#items.has(key)) return false;
    this.#items.set(key, item);
    await mkdir(dirname(key), { recursive: true });
    await writeFile(key, JSON.stringify(object));
    return true;
  }

  async read(item: Item): Promise<RawObject> {
    return JSON.parse(await readFile(this.#path(item), "utf8")) as RawObject;
  }

  async replace(item: Item, object: RawObject): Promise<void> {
    await writeFile(this.#path(item), JSON.stringify(object));
  }

  /** `group/version/Kind` to names, as `velero describe --details` shows it. */
  resourceList(): Record<string, string[]> {
    const list: Record<string, string[]> = {};
    for (const { resource, namespace, name } of this.#items.values()) {
      const { group, version, kind } = resource;
      const title = `${group === "" ? "" : `${group}/`}${version}/${kind}`;
      (list[title] ??= []).push(namespace === undefined ? name : `${namespace}/${name}`);
    }
    return list;
  }

  #path({ resource, namespace, name }: Item): string {
    const place = namespace === undefined ? ["cluster"] : ["namespaces", namespace];
    return join(this.#directory, "resources", groupResource(resource), ...place, `${name}.json`);
  }
}
