import { jsonAnswer } from "../http/answer.ts";
import type { Answer } from "../http/answer.ts";
import { badRequest, conflict, invalid, notFound } from "../http/status-error.ts";
import { invalidValue, notSupported } from "../field-causes.ts";
import { fieldsOf, isFields, listOf, numberOf, textOf } from "../json.ts";
import type { Fields } from "../json.ts";
import { ISSUER } from "../auth/service-account-tokens.ts";
import type { TokenRequest } from "../auth/service-account-tokens.ts";
import type { ResourceRequest, ServerContext } from "../server-context.ts";
import { parseBody } from "../writes/decode.ts";
import { timestamp } from "../writes/metadata.ts";
import { findEntry } from "./read-handlers.ts";

const SUBJECT = { group: "authentication.k8s.io", plural: "tokenrequests", kind: "TokenRequest" };
const EXPECTED = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest" };
const HOUR_S = 3600;
const MIN_S = 600;

/** Issues a bound token for a service account. */
export function tokenHandler(server: ServerContext, request: ResourceRequest): Answer {
  const body = parseBody(request.body, request.incoming.headers["content-type"], EXPECTED);
  if (!isFields(body)) throw badRequest("the body must be a TokenRequest");
  const account = findEntry(server, request).object;
  const spec = fieldsOf(body["spec"]);
  const expirationSeconds = numberOf(spec["expirationSeconds"]) ?? HOUR_S;
  if (expirationSeconds < MIN_S) {
    throw invalid(SUBJECT, "", [
      invalidValue(
        "spec.expirationSeconds",
        expirationSeconds,
        "may not specify a duration less than 10 minutes",
      ),
    ]);
  }
  const given = listOf(spec["audiences"]).filter(
    (item): item is string => typeof item === "string",
  );
  const audiences = given.length === 0 ? [ISSUER] : given;
  const boundTo = boundObject(server, request, fieldsOf(spec["boundObjectRef"]));
  const { token, expires } = server.tokens.issue({
    account,
    audiences,
    expirationSeconds,
    boundTo,
  });
  const { name, namespace } = account.metadata;
  const answer: Fields = {
    kind: "TokenRequest",
    apiVersion: "authentication.k8s.io/v1",
    metadata: { name, namespace, creationTimestamp: timestamp(server.now()) },
    spec: { ...spec, audiences, expirationSeconds, boundObjectRef: spec["boundObjectRef"] ?? null },
    status: { token, expirationTimestamp: timestamp(expires) },
  };
  return jsonAnswer(answer, 201);
}

const BINDABLE: Readonly<Record<string, string>> = { Pod: "pods", Secret: "secrets" };

function boundObject(
  server: ServerContext,
  request: ResourceRequest,
  reference: Fields,
): TokenRequest["boundTo"] {
  const kind = textOf(reference["kind"]);
  if (kind === undefined) return undefined;
  const storage = BINDABLE[kind];
  if (storage === undefined) {
    throw invalid(SUBJECT, "", [
      notSupported("spec.boundObjectRef.kind", kind, Object.keys(BINDABLE)),
    ]);
  }
  const name = textOf(reference["name"]) ?? "";
  const subject = { group: "", plural: storage, kind };
  const object = server.store.find(storage, request.info.namespace, name)?.object;
  if (object === undefined) throw notFound(subject, name);
  const { uid = "" } = object.metadata;
  const wanted = textOf(reference["uid"]) ?? uid;
  if (wanted !== uid) {
    const why = `the UID in the bound object reference (${wanted}) does not match the UID in record. The object might have been deleted and then recreated`;
    throw conflict(subject, name, why);
  }
  return { kind, name, uid };
}
