import { randomBytes } from "node:crypto";
import { invalidValue, required } from "../field-causes.ts";
import type { Cause } from "../http/status-error.ts";

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SERVICE_LABEL = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const QUALIFIED = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

const SUBDOMAIN_DETAIL =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL_DETAIL =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const SERVICE_DETAIL =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
const QUALIFIED_DETAIL =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const VALUE_DETAIL =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

/** Resources whose names follow other rules than the DNS subdomain. */
const NAME_RULES: Readonly<Record<string, "label" | "service" | "path">> = {
  namespaces: "label",
  services: "service",
  "clusterroles.rbac.authorization.k8s.io": "path",
  "clusterrolebindings.rbac.authorization.k8s.io": "path",
  "roles.rbac.authorization.k8s.io": "path",
  "rolebindings.rbac.authorization.k8s.io": "path",
};

const SUFFIX_LETTERS = "bcdfghjklmnpqrstvwxz2456789";

/** A name from `generateName`: the base, cut to fit, and five random letters. */
export function generatedName(base: string): string {
  const suffix = [...randomBytes(5)].map((byte) => SUFFIX_LETTERS[byte % SUFFIX_LETTERS.length]);
  return base.slice(0, 58) + suffix.join("");
}

export function nameCauses(storage: string, name: string): Cause[] {
  if (name === "") return [required("metadata.name", "name or generateName is required")];
  const rule = NAME_RULES[storage] ?? "subdomain";
  if (rule === "path") return pathCauses(name);
  const [pattern, detail, maximum] = RULES[rule];
  const causes: Cause[] = [];
  if (name.length > maximum) {
    causes.push(invalidValue("metadata.name", name, `must be no more than ${maximum} characters`));
  }
  if (!pattern.test(name)) causes.push(invalidValue("metadata.name", name, detail));
  return causes;
}

/** What is wrong with the base of a name; a dash at its end will not be there at the end of the name. */
export function generateNameCauses(storage: string, base: string | undefined): Cause[] {
  if (base === undefined || base === "") return [];
  const causes = nameCauses(storage, base.replace(/-$/, "a"));
  return causes.map(({ reason, message }) => ({
    reason,
    message: message.replace(JSON.stringify(base.replace(/-$/, "a")), JSON.stringify(base)),
    field: "metadata.generateName",
  }));
}

const RULES = {
  subdomain: [SUBDOMAIN, SUBDOMAIN_DETAIL, 253],
  label: [LABEL, LABEL_DETAIL, 63],
  service: [SERVICE_LABEL, SERVICE_DETAIL, 63],
} as const;

function pathCauses(name: string): Cause[] {
  if (name === "." || name === "..") {
    return [invalidValue("metadata.name", name, `may not be '${name}'`)];
  }
  const bad = ["/", "%"].find((character) => name.includes(character));
  return bad === undefined ? [] : [invalidValue("metadata.name", name, `may not contain '${bad}'`)];
}

export function labelNameCauses(name: string, field: string): Cause[] {
  return LABEL.test(name) ? [] : [invalidValue(field, name, LABEL_DETAIL)];
}

export function subdomainCauses(name: string, field: string): Cause[] {
  return SUBDOMAIN.test(name) ? [] : [invalidValue(field, name, SUBDOMAIN_DETAIL)];
}

/** What is wrong with labels, or with the keys of annotations. */
export function labelCauses(labels: Readonly<Record<string, string>>, field: string): Cause[] {
  const causes: Cause[] = [];
  for (const [key, value] of Object.entries(labels)) {
    causes.push(...qualifiedNameCauses(key, field));
    if (value.length > 63) {
      causes.push(invalidValue(field, value, "must be no more than 63 characters"));
    }
    if (value !== "" && !QUALIFIED.test(value)) {
      causes.push(invalidValue(field, value, VALUE_DETAIL));
    }
  }
  return causes;
}

export function qualifiedNameCauses(key: string, field: string): Cause[] {
  if (key.split("/").length > 2) {
    const detail = `${QUALIFIED_DETAIL.replace("name part", "a qualified name")} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`;
    return [invalidValue(field, key, detail)];
  }
  const slash = key.indexOf("/");
  const prefix = slash < 0 ? undefined : key.slice(0, slash);
  const name = slash < 0 ? key : key.slice(slash + 1);
  const causes: Cause[] = [];
  if (prefix !== undefined && !SUBDOMAIN.test(prefix)) {
    causes.push(invalidValue(field, key, `prefix part ${SUBDOMAIN_DETAIL}`));
  }
  if (name.length > 63) {
    causes.push(invalidValue(field, key, "name part must be no more than 63 characters"));
  }
  if (!QUALIFIED.test(name)) causes.push(invalidValue(field, key, QUALIFIED_DETAIL));
  return causes;
}
