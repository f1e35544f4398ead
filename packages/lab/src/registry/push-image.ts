import { request } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import type { Image } from "./image.ts";

export type RegistryDoor = {
  /** Host and port. */
  readonly address: string;
  readonly caPem: string;
  readonly token: string;
};

type Asking = {
  readonly method: string;
  readonly path: string;
  readonly body?: Buffer;
  readonly contentType?: string;
};

const patienceMs = 20_000;

/** Pushes an image to a repository, `namespace/stream`, under each of these tags. */
export async function pushImage(
  door: RegistryDoor,
  image: Image,
  { repository, tags }: { readonly repository: string; readonly tags: readonly string[] },
): Promise<void> {
  await untilAnswering(door);
  for (const { digest, bytes } of image.blobs) {
    const path = `/v2/${repository}/blobs/uploads/?digest=${digest}`;
    const contentType = "application/octet-stream";
    await expectCreated(door, { method: "POST", path, body: bytes, contentType });
  }
  for (const tag of tags) {
    const path = `/v2/${repository}/manifests/${tag}`;
    const { mediaType: contentType, manifest } = image;
    await expectCreated(door, { method: "PUT", path, body: manifest.bytes, contentType });
  }
}

async function expectCreated(door: RegistryDoor, asking: Asking): Promise<void> {
  const status = await ask(door, asking);
  if (status === 201) return;
  const what = `${asking.method} ${asking.path}`;
  throw new Error(`The registry ${door.address} answered ${what} with HTTP ${status}.`);
}

/** The registry's pod takes a moment to start. */
async function untilAnswering(door: RegistryDoor): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    try {
      if ((await ask(door, { method: "GET", path: "/v2/" })) === 200) return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    if (Date.now() > deadline) {
      throw new Error(`The registry ${door.address} does not answer; look at its pod.`);
    }
    await sleep(50);
  }
}

function ask({ address, caPem, token }: RegistryDoor, asking: Asking): Promise<number> {
  const { method, path, body, contentType } = asking;
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { "content-length": body.length }),
      ...(contentType === undefined ? {} : { "content-type": contentType }),
    };
    const asked = request(`https://${address}${path}`, { method, headers, ca: caPem }, (answer) => {
      answer.resume().on("end", () => resolve(answer.statusCode ?? 0));
    });
    asked.on("error", reject).end(body);
  });
}
