import type { AccessQuestion } from "@drover/kube";

type Params = Readonly<Record<string, string | undefined>>;

/** Which namespaces questions are asked about. */
export type AccessScope = { readonly namespace: string; readonly configNamespace: string };

/**
 * Who may call a route. `anyone` needs no session, `signed-in` any session, `may` the named rights on the host
 * cluster. The text says it for people: in the list of routes, and in a refusal.
 */
export type AccessRule =
  | { readonly kind: "anyone"; readonly text: string }
  | { readonly kind: "signed-in"; readonly text: string }
  | {
      readonly kind: "may";
      readonly text: string;
      readonly questions: (scope: AccessScope, params: Params) => readonly AccessQuestion[];
    };

export function anyone(text: string): AccessRule {
  return { kind: "anyone", text };
}

export function signedIn(text: string): AccessRule {
  return { kind: "signed-in", text };
}

const migrationGroup = "migration.openshift.io";

/** A right on migration resources. `nameParam` asks about the one object a route parameter names. */
export function may(
  verb: string,
  resource: string | { readonly param: string },
  nameParam?: string,
): AccessRule {
  const shown = typeof resource === "string" ? resource : `the listed resource`;
  return {
    kind: "may",
    text: `${verb} ${shown}`,
    questions: ({ namespace }, params) => {
      const name = nameParam === undefined ? undefined : params[nameParam];
      return [
        {
          verb,
          group: migrationGroup,
          resource: typeof resource === "string" ? resource : (params[resource.param] ?? ""),
          namespace,
          ...(name === undefined ? {} : { name }),
        },
      ];
    },
  };
}

/** A right on Secrets in the namespace that keeps clusters' tokens and stores' keys. */
export function maySecrets(verb: string): AccessRule {
  return {
    kind: "may",
    text: `${verb} secrets in the configuration namespace`,
    questions: ({ configNamespace }) => [
      { verb, group: "", resource: "secrets", namespace: configNamespace },
    ],
  };
}

/** Everything on everything: administrators of the cluster. */
export const administrators: AccessRule = {
  kind: "may",
  text: "be a cluster administrator",
  questions: () => [{ verb: "*", group: "*", resource: "*" }],
};

/** All of several rights. */
export function all(...rules: readonly AccessRule[]): AccessRule {
  return {
    kind: "may",
    text: rules.map((rule) => rule.text).join(" and "),
    questions: (scope, params) =>
      rules.flatMap((rule) => (rule.kind === "may" ? rule.questions(scope, params) : [])),
  };
}
