/** What a request under /api or /apis asks for, read from its path and query. */
export type RequestInfo = {
  readonly apiVersion: string;
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
  /** Segments after the subresource. */
  readonly rest: readonly string[];
};

/** Reads a resource path; undefined for anything that is not one. */
export function parseResourcePath(path: string): RequestInfo | undefined {
  const segments = path.split("/").slice(1).map(decode);
  if (segments.at(-1) === "") segments.pop();
  if (segments.includes(undefined) || segments.includes("")) return undefined;
  const [root, first = "", second = "", ...rest] = segments as string[];
  if (root === "api" && second !== "") return inVersion("", first, [second, ...rest]);
  return root === "apis" && rest.length > 0 ? inVersion(first, second, rest) : undefined;
}

function inVersion(group: string, version: string, segments: readonly string[]): RequestInfo {
  const base = { apiVersion: group === "" ? version : `${group}/${version}`, group, version };
  // namespaces/x/pods addresses pods; namespaces, namespaces/x and namespaces/x/status the namespace itself.
  const scoped = segments[0] === "namespaces" && segments.length > 2 && !isOwnPart(segments[2]);
  if (!scoped) return { ...base, namespace: undefined, ...target(segments) };
  return { ...base, namespace: segments[1], ...target(segments.slice(2)) };
}

function isOwnPart(segment: string | undefined): boolean {
  return segment === "status" || segment === "finalize";
}

function target(
  segments: readonly string[],
): Pick<RequestInfo, "plural" | "name" | "subresource" | "rest"> {
  const [plural = "", name, subresource, ...rest] = segments;
  return { plural, name, subresource, rest };
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

/** The RBAC verb of a request. */
export function verbOf(method: string, info: RequestInfo, query: URLSearchParams): string {
  if (method === "GET" || method === "HEAD") return readVerb(info, query);
  if (method === "DELETE") return info.name === undefined ? "deletecollection" : "delete";
  return WRITE_VERBS[method] ?? method.toLowerCase();
}

const WRITE_VERBS: Readonly<Record<string, string>> = {
  POST: "create",
  PUT: "update",
  PATCH: "patch",
};

function readVerb(info: RequestInfo, query: URLSearchParams): string {
  if (isTrue(query.get("watch")) && info.subresource === undefined) return "watch";
  return info.name === undefined ? "list" : "get";
}

/** Anything but absence, `0` and `false`, as Kubernetes reads flags of a query. */
export function isTrue(value: string | null): boolean {
  return value !== null && value !== "0" && value.toLowerCase() !== "false";
}
