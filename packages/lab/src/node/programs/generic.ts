import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import type { ServerResponse } from "node:http";
import { once } from "node:events";
import { join, posix } from "node:path";
import type { PodContext, Program } from "../program.ts";

/** Does nothing until it is told to end. */
export const pause: Program = async ({ signal }) => {
  if (!signal.aborted) await once(signal, "abort");
  return 0;
};

/** Runs the container's command for real, with the container's directory as working directory. */
export const shell: Program = (pod) => {
  const [file = "sh", ...args] = [...pod.command, ...pod.args];
  return pod.run(file, args, { env: { ROOT: pod.rootDir } });
};

/**
 * Serves the files below `DOCUMENT_ROOT` (`/usr/share/www`) on `PORT` (8080) of the pod's address; `/healthz` answers
 * as soon as it listens.
 */
export const http: Program = async (pod) => {
  const port = Number(pod.env["PORT"] ?? 8080);
  const root = pod.path(pod.env["DOCUMENT_ROOT"] ?? "/usr/share/www");
  const server = createServer((request, response) => {
    serve(pod, { root, path: new URL(request.url ?? "/", "http://pod").pathname, response }).catch(
      (error: unknown) => {
        pod.log(`${request.url ?? ""}: ${error instanceof Error ? error.message : String(error)}`);
        response.destroy();
      },
    );
  });
  server.listen(port, pod.podIP);
  await once(server, "listening");
  pod.log(`serving ${pod.env["DOCUMENT_ROOT"] ?? "/usr/share/www"} on ${pod.podIP}:${port}`);
  if (!pod.signal.aborted) await once(pod.signal, "abort");
  server.close();
  server.closeAllConnections();
  pod.log("stopped");
  return 0;
};

type Request = { readonly root: string; readonly path: string; readonly response: ServerResponse };

async function serve(pod: PodContext, { root, path, response }: Request): Promise<void> {
  if (path === "/healthz") return void response.end("ok\n");
  const file = join(root, posix.normalize(posix.join("/", decodeURIComponent(path))));
  const found = await stat(file).catch(() => undefined);
  if (found?.isFile() !== true) {
    response.writeHead(404, { "content-type": "text/plain" });
    return void response.end(`${pod.name} has no ${path}\n`);
  }
  response.writeHead(200, { "content-length": found.size });
  createReadStream(file)
    .on("error", () => response.destroy())
    .pipe(response);
}
