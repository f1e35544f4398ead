/** The longest name of a namespace, a label and most objects that become host names. */
export const dnsLabelMaxLength = 63;

/** The longest name of most objects. */
export const dnsSubdomainMaxLength = 253;

/** Above this a route `dvm-<namespace>` no longer fits unless a cluster subdomain is set. */
export const routeNamespaceMaxLength = 59;

/** Upstream's fixed numbers. */
export const limits = {
  hooksPerPhase: 1,
  conversionStorageClasses: 2,
  conversionPvcBaseLength: 247,
  conversionStatefulSetNameLength: 59,
  rsyncAttempts: 20,
  hookFailures: 6,
  hookDeadlineSeconds: 1800,
  connectionTestMs: 5000,
  routeAdmissionMs: 180_000,
  transferPodsRunningMs: 180_000,
  transferPodErrorsMs: 300_000,
  transferClientPendingMs: 600_000,
  analyticWaitMs: 120_000,
  backupTtl: "720h0m0s",
} as const;

const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const labelValue = /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/;

/** What is wrong with a name that must be a DNS-1123 label, as namespaces must; undefined when nothing is. */
export function dns1123LabelProblem(name: string): string | undefined {
  return (
    lengthProblem(name, dnsLabelMaxLength) ??
    (label.test(name)
      ? undefined
      : `"${name}" may have only lower-case letters, digits and hyphens, and must begin and end with a letter or digit.`)
  );
}

/** What is wrong with a name that must be a DNS-1123 subdomain, as most objects' must; undefined when nothing is. */
export function dns1123SubdomainProblem(name: string): string | undefined {
  return (
    lengthProblem(name, dnsSubdomainMaxLength) ??
    (subdomain.test(name)
      ? undefined
      : `"${name}" may have only lower-case letters, digits, hyphens and dots, and each part between dots must begin and end with a letter or digit.`)
  );
}

/** What is wrong with the value of a label; undefined when nothing is. */
export function labelValueProblem(value: string): string | undefined {
  if (value.length > dnsLabelMaxLength) return lengthProblem(value, dnsLabelMaxLength);
  return labelValue.test(value)
    ? undefined
    : `"${value}" may have only letters, digits, hyphens, underscores and dots, and must begin and end with a letter or digit.`;
}

/** What is wrong with a URL that must be http or https; undefined when nothing is. */
export function httpUrlProblem(url: string): string | undefined {
  if (!URL.canParse(url))
    return `"${url}" is not a URL. Write it like https://api.example.com:6443.`;
  return ["http:", "https:"].includes(new URL(url).protocol)
    ? undefined
    : `"${url}" must begin with http:// or https://.`;
}

/** A name cut so that what follows still fits, without a hyphen or dot at its end. */
export function cutName(name: string, maxLength: number): string {
  return name.slice(0, maxLength).replace(/[-.]+$/, "");
}

function lengthProblem(name: string, maxLength: number): string | undefined {
  if (name === "") return "A name is needed.";
  return name.length > maxLength
    ? `"${name}" has ${name.length} characters; at most ${maxLength} are allowed.`
    : undefined;
}
