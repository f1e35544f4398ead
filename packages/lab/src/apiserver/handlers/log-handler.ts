import { request as httpsRequest } from "node:https";
import type { IncomingMessage } from "node:http";
import { STREAMED } from "../http/answer.ts";
import type { Answer } from "../http/answer.ts";
import { badRequest, internalError, notFound, StatusError } from "../http/status-error.ts";
import { at, fieldsOf, listOf, numberOf, textOf } from "../json.ts";
import type { ApiObject } from "../json.ts";
import type { ResourceRequest, ServerContext } from "../server-context.ts";
import { checkLogOptions } from "./log-options.ts";
import { findEntry } from "./read-handlers.ts";

const PASSED_ON = [
  "follow",
  "previous",
  "timestamps",
  "tailLines",
  "limitBytes",
  "sinceSeconds",
  "sinceTime",
];

/** Fetches a container's log from the kubelet of the pod's node and passes it on as it comes. */
export async function logHandler(server: ServerContext, request: ResourceRequest): Promise<Answer> {
  checkLogOptions(request.info.name ?? "", request.query);
  const pod = findEntry(server, request).object;
  const container = containerOf(pod, request.query.get("container") ?? "");
  const kubelet = kubeletOf(server, pod);
  const query = new URLSearchParams();
  for (const name of PASSED_ON) {
    const value = request.query.get(name);
    if (value !== null) query.set(name, value);
  }
  const { namespace = "", name } = pod.metadata;
  const path = `/containerLogs/${namespace}/${name}/${container}?${query.toString()}`;
  await passOn(request, `${kubelet}${path}`);
  return STREAMED;
}

function containerOf(pod: ApiObject, asked: string): string {
  const names = ["containers", "initContainers", "ephemeralContainers"].map((list) =>
    listOf(at(pod, "spec", list)).map((container) => textOf(fieldsOf(container)["name"]) ?? ""),
  );
  const { name } = pod.metadata;
  if (asked !== "") {
    if (names.flat().includes(asked)) return asked;
    throw badRequest(`container ${asked} is not valid for pod ${name}`);
  }
  const [containers = [], init = []] = names;
  return defaultContainer(pod, containers) ?? refuseChoice(name, containers, init);
}

function defaultContainer(pod: ApiObject, containers: readonly string[]): string | undefined {
  const annotated = pod.metadata.annotations?.["kubectl.kubernetes.io/default-container"];
  if (annotated !== undefined && containers.includes(annotated)) return annotated;
  return containers.length === 1 ? containers[0] : undefined;
}

function refuseChoice(name: string, containers: readonly string[], init: readonly string[]): never {
  const also = init.length === 0 ? "" : ` or one of the init containers: [${init.join(" ")}]`;
  throw badRequest(
    `a container name must be specified for pod ${name}, choose one of: [${containers.join(" ")}]${also}`,
  );
}

function kubeletOf(server: ServerContext, pod: ApiObject): string {
  const nodeName = textOf(at(pod, "spec", "nodeName")) ?? "";
  if (nodeName === "") throw badRequest(`pod ${pod.metadata.name} does not have a host assigned`);
  const node = server.store.find("nodes", undefined, nodeName)?.object;
  if (node === undefined) throw notFound({ group: "", plural: "nodes", kind: "Node" }, nodeName);
  const addresses = listOf(at(node, "status", "addresses")).map(fieldsOf);
  const address = addresses.find((known) => known["type"] === "InternalIP")?.["address"];
  const port = numberOf(at(node, "status", "daemonEndpoints", "kubeletEndpoint", "Port"));
  if (typeof address !== "string") {
    throw internalError(`no preferred addresses found; known addresses: []`);
  }
  return `https://${address}:${port ?? 10250}`;
}

/** Like the real server without a kubelet CA, it does not verify the kubelet's certificate. */
async function passOn(request: ResourceRequest, url: string): Promise<void> {
  const { response } = request;
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = httpsRequest(url, { rejectUnauthorized: false, agent: false }, resolve);
    outgoing.on("error", (error) => {
      reject(internalError(`Get "${url}": ${error.message}`));
    });
    response.on("close", () => outgoing.destroy());
    outgoing.end();
  });
  if (answer.statusCode !== 200) throw await kubeletRefusal(answer);
  response.writeHead(200, { "content-type": "text/plain" });
  response.flushHeaders();
  answer.pipe(response);
}

async function kubeletRefusal(answer: IncomingMessage): Promise<StatusError> {
  let text = "";
  for await (const chunk of answer as AsyncIterable<Buffer>) text += chunk.toString("utf8");
  const message = text.trim();
  if (answer.statusCode === 404) {
    return new StatusError(404, "NotFound", {
      message: `the server could not find the requested resource ( ${message})`,
    });
  }
  return answer.statusCode === 400 ? badRequest(message) : internalError(message);
}
