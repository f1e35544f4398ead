type Named = { readonly group: string; readonly version: string; readonly kind: string };

/** Kinds whose model is not simply the version and the kind, because two groups share the name. */
const SPECIAL: Readonly<Record<string, string>> = {
  "v1/Event": "CoreV1Event",
  "events.k8s.io/v1/Event": "EventsV1Event",
  "authentication.k8s.io/v1/TokenRequest": "AuthenticationV1TokenRequest",
  "policy/v1beta1/Eviction": "V1Eviction",
  "batch/v1beta1/CronJob": "V1CronJob",
};

/** The name of the type that describes a builtin kind in builtin-fields.json. */
export function modelOf({ group, version, kind }: Named): string {
  const key = group === "" ? `${version}/${kind}` : `${group}/${version}/${kind}`;
  return SPECIAL[key] ?? `${version[0]?.toUpperCase() ?? ""}${version.slice(1)}${kind}`;
}
