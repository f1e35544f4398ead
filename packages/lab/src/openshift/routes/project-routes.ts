import { Namespace, RoleBinding } from "@drover/crds";
import type { Cluster } from "@drover/kube";
import type { ExtraRequest, ExtraRoute } from "../../apiserver/api-server-options.ts";
import { recordAt, textAt } from "../../velero/raw-object.ts";
import { mayNamespace, visibleNamespaces } from "./project-access.ts";
import {
  answering,
  methodNotAllowed,
  readJson,
  Refused,
  sendObject,
  sendSuccess,
} from "./status-answer.ts";

type ClusterOf = () => Cluster;

const projectsPath = "/apis/project.openshift.io/v1/projects";
const requestsPath = "/apis/project.openshift.io/v1/projectrequests";

function projectOf(namespace: Namespace): object {
  return { ...namespace, apiVersion: "project.openshift.io/v1", kind: "Project" };
}

async function listProjects(cluster: Cluster, request: ExtraRequest): Promise<void> {
  const query = request.url.searchParams;
  if (query.has("watch") && query.get("watch") !== "false") throw methodNotAllowed(request);
  const labelSelector = query.get("labelSelector");
  const limit = Number(query.get("limit") ?? 0);
  const token = query.get("continue");
  const page = await cluster.listPage(Namespace, {
    ...(labelSelector === null ? {} : { labelSelector }),
    ...(token === null ? {} : { continue: token }),
    limit,
  });
  const names = page.items.map(({ metadata }) => metadata.name ?? "");
  const seesAll = await mayNamespace(cluster, request.user, { verb: "list" });
  const visible = seesAll ? new Set(names) : await visibleNamespaces(cluster, request.user, names);
  const items = page.items.filter(({ metadata }) => visible.has(metadata.name ?? ""));
  sendObject(request, {
    apiVersion: "project.openshift.io/v1",
    kind: "ProjectList",
    metadata: { resourceVersion: page.resourceVersion, continue: page.continue },
    items: items.map(projectOf),
  });
}

async function requireAccess(
  cluster: Cluster,
  request: ExtraRequest,
  { verb, name }: { verb: string; name: string },
): Promise<void> {
  if (await mayNamespace(cluster, request.user, { verb, namespace: name })) return;
  const message = `projects.project.openshift.io "${name}" is forbidden: User "${request.user.username}" cannot ${verb} resource "projects" in API group "project.openshift.io" in the namespace "${name}"`;
  throw new Refused(403, "Forbidden", message);
}

async function answerProjects(cluster: Cluster, request: ExtraRequest): Promise<void> {
  const { method } = request.incoming;
  const name = decodeURIComponent(request.url.pathname.slice(projectsPath.length + 1));
  if (name === "" && method === "GET") return listProjects(cluster, request);
  if (name === "" || name.includes("/")) throw methodNotAllowed(request);
  if (method === "GET") {
    await requireAccess(cluster, request, { verb: "get", name });
    sendObject(request, projectOf(await cluster.get(Namespace, { name })));
  } else if (method === "DELETE") {
    await requireAccess(cluster, request, { verb: "delete", name });
    await cluster.delete(Namespace, { name });
    sendSuccess(request, { name, group: "project.openshift.io", kind: "projects" });
  } else throw methodNotAllowed(request);
}

async function createProject(cluster: Cluster, request: ExtraRequest): Promise<void> {
  const body = await readJson(request);
  const name = textAt(body, "metadata", "name") ?? "";
  const annotations = {
    "openshift.io/requester": request.user.username,
    "openshift.io/description": textAt(body, "description") ?? "",
    "openshift.io/display-name": textAt(body, "displayName") ?? "",
  };
  const labels = recordAt(body, "metadata", "labels") as Record<string, string>;
  const created = await cluster.create(Namespace, {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name, annotations, labels },
  });
  const rbac = "rbac.authorization.k8s.io";
  await cluster.create(RoleBinding, {
    apiVersion: `${rbac}/v1`,
    kind: "RoleBinding",
    metadata: { name: "admin", namespace: name },
    roleRef: { apiGroup: rbac, kind: "ClusterRole", name: "admin" },
    subjects: [{ apiGroup: rbac, kind: "User", name: request.user.username }],
  });
  sendObject(request, projectOf(created), 201);
}

async function answerRequests(cluster: Cluster, request: ExtraRequest): Promise<void> {
  if (request.incoming.method === "POST") return createProject(cluster, request);
  if (request.incoming.method !== "GET") throw methodNotAllowed(request);
  // OpenShift answers whoever may request a project with a success.
  sendSuccess(request);
}

/** Projects: namespaces as the person who asks may see them. */
export function projectRoutes(clusterOf: ClusterOf): ExtraRoute[] {
  return [
    {
      prefix: requestsPath,
      access: "authenticated",
      handle: answering((request) => answerRequests(clusterOf(), request)),
    },
    {
      prefix: projectsPath,
      access: "authenticated",
      handle: answering((request) => answerProjects(clusterOf(), request)),
    },
  ];
}
