import type { RawClient, RawWatch } from "./raw-client.ts";

const NAMESPACE = "bench";
const COLLECTION = `/api/v1/namespaces/${NAMESPACE}/configmaps`;
const WRITERS = 16;
const PAGE = 500;
const WATCHERS = 50;
const WRITES = 1_000;

/** Where in the measurements this is: how many objects there will be, and which of how many rounds. */
export type Turn = { readonly objects: number; readonly round: number; readonly rounds: number };

/** One kind of load; gives back how much of it was carried. */
export type Load = {
  readonly what: string;
  readonly carry: (client: RawClient, turn: Turn) => Promise<number>;
};

/** In this order: what comes later works on what was created first. */
export const loads: readonly Load[] = [
  {
    what: `objects created, ${WRITERS} at a time`,
    async carry(client, { objects, round, rounds }) {
      const first = Math.floor((objects * round) / rounds);
      const count = Math.floor((objects * (round + 1)) / rounds) - first;
      await each(count, (index) => create(client, first + index));
      return count;
    },
  },
  {
    what: `objects patched, ${WRITERS} at a time`,
    carry: (client) => written(client, patch),
  },
  {
    what: `objects applied on the server, ${WRITERS} at a time`,
    carry: (client) => written(client, apply),
  },
  {
    what: "objects of a whole list",
    async carry(client, { objects }) {
      await client.send("GET", COLLECTION);
      return objects;
    },
  },
  {
    what: `objects of a list in pages of ${PAGE}`,
    async carry(client, { objects }) {
      await listInPages(client);
      return objects;
    },
  },
  {
    what: "events of a watch that begins with what is there",
    async carry(client, { objects }) {
      await watchFromTheStart(client, objects);
      return objects;
    },
  },
  { what: "patches as they arrive through one watch", carry: (client) => through(client, 1) },
  {
    what: `events as they arrive through ${WATCHERS} watches`,
    carry: (client) => through(client, WATCHERS),
  },
];

/** Makes the namespace that all of it happens in. */
export async function prepare(client: RawClient): Promise<void> {
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } };
  await client.send("POST", "/api/v1/namespaces", JSON.stringify(namespace));
}

async function written(
  client: RawClient,
  write: (client: RawClient, index: number) => Promise<unknown>,
): Promise<number> {
  await each(WRITES, (index) => write(client, index));
  return WRITES;
}

/** So many pieces of work, several at a time. */
async function each(count: number, work: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      const index = next;
      next += 1;
      await work(index);
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, worker));
}

function create(client: RawClient, index: number): Promise<string> {
  const object = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: `object-${index}`, namespace: NAMESPACE, labels: { app: "bench" } },
    data: { text: `${index}`.padEnd(1_000, ".") },
  };
  return client.send("POST", COLLECTION, JSON.stringify(object));
}

function patch(client: RawClient, index: number): Promise<string> {
  const change = { data: { changed: String(performance.now()) } };
  return client.send("PATCH", `${COLLECTION}/object-${index}`, JSON.stringify(change));
}

/** On the server, over objects that another manager made. */
function apply(client: RawClient, index: number): Promise<string> {
  const name = `object-${index}`;
  const object = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, labels: { applied: "yes", index: String(index) } },
    data: Object.fromEntries(Array.from({ length: 20 }, (_, key) => [`key-${key}`, `${index}`])),
  };
  const path = `${COLLECTION}/${name}?fieldManager=bench&force=true`;
  return client.send("PATCH", path, JSON.stringify(object));
}

async function listInPages(client: RawClient): Promise<void> {
  let token = "";
  do {
    const text = await client.send("GET", `${COLLECTION}?limit=${PAGE}${token}`);
    // Parsing a page would cost more than making it.
    const found = /"continue":"([^"]+)"/.exec(text)?.[1];
    token = found === undefined ? "" : `&continue=${found}`;
  } while (token !== "");
}

/** Without a version a watch begins with what is there. */
async function watchFromTheStart(client: RawClient, objects: number): Promise<void> {
  const watch = await client.watch(`${COLLECTION}?watch=true`);
  await watch.seen(objects);
  watch.close();
}

/** How many events arrive while objects are patched as fast as it goes, over all watches. */
async function through(client: RawClient, watchers: number): Promise<number> {
  const { metadata } = JSON.parse(await client.send("GET", `${COLLECTION}?limit=1`)) as {
    readonly metadata: { readonly resourceVersion: string };
  };
  const path = `${COLLECTION}?watch=true&resourceVersion=${metadata.resourceVersion}`;
  const watches: RawWatch[] = [];
  for (let count = 0; count < watchers; count += 1) watches.push(await client.watch(path));
  const heard = watches.map((watch) => watch.seen(WRITES));
  await Promise.all([...heard, written(client, patch)]);
  for (const watch of watches) watch.close();
  return watchers * WRITES;
}
