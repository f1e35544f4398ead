import type { AccessAttributes } from "../auth/access-attributes.ts";
import { toRuleFields } from "../auth/policy-rule.ts";
import type { UserInfo } from "../auth/user-info.ts";
import { jsonAnswer } from "../http/answer.ts";
import type { Answer } from "../http/answer.ts";
import { badRequest, invalid } from "../http/status-error.ts";
import { invalidValue } from "../field-causes.ts";
import { fieldsOf, isFields, listOf, textOf } from "../json.ts";
import type { ApiObject, Fields } from "../json.ts";
import type { ResourceRequest, ServerContext } from "../server-context.ts";
import { objectFrom, parseObject } from "../writes/decode.ts";

type Review = (
  server: ServerContext,
  request: ResourceRequest,
  object: ApiObject,
) => Promise<Fields> | Fields;

const REVIEWS: Readonly<Record<string, Review>> = {
  "selfsubjectaccessreviews.authorization.k8s.io": selfAccess,
  "subjectaccessreviews.authorization.k8s.io": subjectAccess,
  "localsubjectaccessreviews.authorization.k8s.io": localAccess,
  "selfsubjectrulesreviews.authorization.k8s.io": selfRules,
  "tokenreviews.authentication.k8s.io": tokenReview,
  "selfsubjectreviews.authentication.k8s.io": (_server, request) => ({
    userInfo: userFields(request.user),
  }),
};

/** Answers kinds that are questions and never stored; undefined for every other resource. */
export function reviewOf(
  request: ResourceRequest,
): ((server: ServerContext, request: ResourceRequest) => Promise<Answer>) | undefined {
  const review = REVIEWS[request.resource.storage];
  if (review === undefined) return undefined;
  return async (server, asked) => {
    const object = objectFrom(parseObject(asked, asked.resource), asked.resource);
    const status = await review(server, asked, object);
    const { name: _name, ...metadata } = object.metadata;
    return jsonAnswer({ ...object, metadata, status }, 201);
  };
}

function selfAccess(server: ServerContext, request: ResourceRequest, object: ApiObject): Fields {
  return access(server, request, { user: request.user, spec: fieldsOf(object["spec"]) });
}

function subjectAccess(server: ServerContext, request: ResourceRequest, object: ApiObject): Fields {
  const spec = fieldsOf(object["spec"]);
  const username = textOf(spec["user"]) ?? "";
  const groups = listOf(spec["groups"]).map(String);
  if (username === "" && groups.length === 0) {
    throw invalid(request.resource, "", [
      invalidValue("spec.user", "", "at least one of user or group must be specified"),
    ]);
  }
  return access(server, request, { user: { username, groups }, spec });
}

function localAccess(server: ServerContext, request: ResourceRequest, object: ApiObject): Fields {
  const spec = fieldsOf(object["spec"]);
  const namespace = textOf(fieldsOf(spec["resourceAttributes"])["namespace"]);
  if (namespace !== request.info.namespace) {
    throw badRequest(
      "namespace of LocalSubjectAccessReview must match spec.resourceAttributes.namespace",
    );
  }
  return subjectAccess(server, request, object);
}

function access(
  server: ServerContext,
  request: ResourceRequest,
  asked: { readonly user: UserInfo; readonly spec: Fields },
): Fields {
  const attributes = attributesFrom(request, asked.spec);
  const { allowed, reason } = server.access.decide(asked.user, attributes);
  return { allowed, ...(reason === "" ? {} : { reason }) };
}

function attributesFrom(request: ResourceRequest, spec: Fields): AccessAttributes {
  const [resource, path] = [spec["resourceAttributes"], spec["nonResourceAttributes"]];
  if (isFields(resource) === isFields(path)) {
    throw invalid(request.resource, "", [
      invalidValue(
        "spec.resourceAttributes",
        null,
        "exactly one of nonResourceAttributes or resourceAttributes must be specified",
      ),
    ]);
  }
  if (isFields(path)) {
    const [verb = "", url = ""] = [textOf(path["verb"]), textOf(path["path"])];
    return { verb, path: url, group: "", resource: "" };
  }
  const fields = fieldsOf(resource);
  const text = (name: string): string => textOf(fields[name]) ?? "";
  return {
    verb: text("verb"),
    group: text("group"),
    version: text("version"),
    resource: text("resource"),
    ...(text("subresource") === "" ? {} : { subresource: text("subresource") }),
    ...(text("namespace") === "" ? {} : { namespace: text("namespace") }),
    ...(text("name") === "" ? {} : { name: text("name") }),
  };
}

function selfRules(server: ServerContext, request: ResourceRequest, object: ApiObject): Fields {
  const namespace = textOf(fieldsOf(object["spec"])["namespace"]) ?? "";
  if (namespace === "") throw badRequest("no namespace on request");
  const rules = server.access.rulesFor(request.user, namespace);
  return {
    resourceRules: rules.filter((rule) => rule.paths.length === 0).map(toRuleFields),
    nonResourceRules: rules.filter((rule) => rule.paths.length > 0).map(toRuleFields),
    incomplete: false,
  };
}

async function tokenReview(
  server: ServerContext,
  _request: ResourceRequest,
  object: ApiObject,
): Promise<Fields> {
  const spec = fieldsOf(object["spec"]);
  const audiences = listOf(spec["audiences"]).map(String);
  const asked = audiences.length === 0 ? undefined : audiences;
  const token = textOf(spec["token"]) ?? "";
  if (token === "") throw badRequest("token is required for TokenReview in authentication");
  const user = await server.authenticator.readToken(token, asked);
  if (user === undefined) return { user: {}, error: "[invalid bearer token, unknown]" };
  return {
    authenticated: true,
    user: userFields(user),
    ...(asked === undefined ? {} : { audiences: asked }),
  };
}

function userFields(user: UserInfo): Fields {
  return {
    username: user.username,
    ...(user.uid === undefined ? {} : { uid: user.uid }),
    groups: user.groups,
    ...(user.extra === undefined ? {} : { extra: user.extra }),
  };
}
