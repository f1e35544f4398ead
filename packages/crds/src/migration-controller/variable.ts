/** Which part of the system reads a variable. */
export type VariableReader =
  | "operator"
  | "controller"
  | "plan"
  | "transfer"
  | "analytic"
  | "registry"
  | "discovery"
  | "console"
  | "velero"
  | "nobody";

export type VariableType = "boolean" | "integer" | "string" | "strings" | "integers" | "map";

/** One variable of the MigrationController's spec. */
export type Variable<Type extends VariableType = VariableType> = {
  readonly type: Type;
  /** What holds when the variable is absent; undefined when nothing is set then. */
  readonly default: VariableValue<Type> | undefined;
  readonly readBy: VariableReader;
  /** Where the value ends up, as `<ConfigMap>/<key>` or in words. */
  readonly setsOn: string;
  readonly about: string;
  /** True for variables of older versions, which are accepted and have no effect. */
  readonly legacy?: true;
};

export type VariableValue<Type extends VariableType> = {
  boolean: boolean;
  integer: number;
  string: string;
  strings: readonly string[];
  integers: readonly number[];
  map: Readonly<Record<string, string>>;
}[Type];

type About = Pick<Variable, "readBy" | "setsOn" | "about"> & { readonly legacy?: true };

function variable<Type extends VariableType>(type: Type) {
  return (value: VariableValue<Type> | undefined, about: About): Variable<Type> => ({
    type,
    default: value,
    ...about,
  });
}

export const bool = variable("boolean");
export const int = variable("integer");
export const text = variable("string");
export const texts = variable("strings");
export const ints = variable("integers");
export const map = variable("map");

/** The ConfigMap with the settings of the controller, on the host cluster. */
export const controllerConfigMap = "migration-controller";

/** The ConfigMap with the settings of one cluster, on that cluster. */
export const clusterConfigMap = "migration-cluster-config";
