import assert from "node:assert/strict";
import type { Json } from "./api-client.ts";
import { eventually, expectStatus } from "./conformance-case.ts";
import type { CaseContext, ConformanceCase } from "./conformance-case.ts";

/** A custom kind of one case's own: its group is the case's random word. */
export type Widgets = {
  readonly definition: string;
  readonly group: string;
  /** Path of the collection in the case's namespace. */
  readonly path: string;
  readonly widget: (name: string, more?: Json) => Json;
};

export type WidgetTraits = {
  /** Properties of `spec`. */
  readonly spec?: Json;
  readonly required?: readonly string[];
  readonly status?: boolean;
  readonly scale?: boolean;
  readonly columns?: readonly Json[];
  /** Replaces the whole schema. */
  readonly schema?: Json;
};

/** A case with a custom kind of its own. */
export function withWidgets(
  name: string,
  traits: WidgetTraits,
  run: (context: CaseContext, widgets: Widgets) => Promise<void>,
): ConformanceCase {
  return {
    name,
    async run(context) {
      const widgets = await defineWidgets(context, traits);
      try {
        await run(context, widgets);
      } finally {
        await removeWidgets(context, widgets);
      }
    },
  };
}

/** Defines the kind and waits until it is served. */
export async function defineWidgets(
  context: CaseContext,
  traits: WidgetTraits = {},
): Promise<Widgets> {
  const { api, word } = context;
  const group = `${word}.conformance.example`;
  const definition = `widgets.${group}`;
  const root = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  expectStatus(await api.post(root, definitionOf(group, traits)), 201);
  await eventually(async () => {
    const conditions = (await api.get(`${root}/${definition}`)).body.list("status", "conditions");
    const established = conditions.some(
      (condition) =>
        (condition as Json)["type"] === "Established" && (condition as Json)["status"] === "True",
    );
    assert.ok(established);
  });
  const path = context.path(`${group}/v1`, "widgets");
  await eventually(async () => void expectStatus(await api.get(path), 200));
  return {
    definition,
    group,
    path,
    widget: (name, more = {}) => ({
      apiVersion: `${group}/v1`,
      kind: "Widget",
      metadata: { name },
      ...more,
    }),
  };
}

/** Removes the kind, as cases do at their end. */
export async function removeWidgets(context: CaseContext, widgets: Widgets): Promise<void> {
  await context.api.delete(
    `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${widgets.definition}`,
  );
}

export function definitionOf(group: string, traits: WidgetTraits): Json {
  const subresources = {
    ...(traits.status === true ? { status: {} } : {}),
    ...(traits.scale === true
      ? {
          scale: {
            specReplicasPath: ".spec.replicas",
            statusReplicasPath: ".status.replicas",
            labelSelectorPath: ".status.selector",
          },
        }
      : {}),
  };
  const spec = {
    type: "object",
    properties: traits.spec ?? { size: { type: "integer" }, colour: { type: "string" } },
    ...(traits.required === undefined ? {} : { required: traits.required }),
  };
  const status = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `widgets.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { plural: "widgets", singular: "widget", kind: "Widget", shortNames: ["wd"] },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: traits.schema ?? { type: "object", properties: { spec, status } },
          },
          ...(Object.keys(subresources).length === 0 ? {} : { subresources }),
          ...(traits.columns === undefined ? {} : { additionalPrinterColumns: traits.columns }),
        },
      ],
    },
  };
}
