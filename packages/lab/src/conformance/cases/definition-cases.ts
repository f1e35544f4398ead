import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { parse, parseAllDocuments } from "yaml";
import type { Json } from "../api-client.ts";
import { eventually, expectRefusal, expectStatus } from "../conformance-case.ts";
import type { CaseContext, ConformanceCase } from "../conformance-case.ts";
import { emptyValue, mistakes, wholeValue, withMistake } from "../schema-samples.ts";
import type { Mistake, SampledSchema } from "../schema-samples.ts";

const DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const MANIFESTS = new URL("../../../../crds/manifests/", import.meta.url);

/** Manifests as the product's documents show them. */
const DOCUMENTED = new URL(
  "../../../../crds/src/documented-manifests.fixture.yaml",
  import.meta.url,
);

/** How many requests a case has under way at once. */
const AT_ONCE = 8;

type Definition = {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly group: string;
    readonly scope: string;
    readonly names: { readonly kind: string; readonly plural: string };
    readonly versions: readonly [
      {
        readonly name: string;
        readonly schema: { readonly openAPIV3Schema: SampledSchema };
        readonly subresources?: { readonly status?: object };
      },
    ];
  };
};

type Defined = {
  readonly schema: SampledSchema;
  /** Path of the collection. */
  readonly path: string;
  readonly hasStatus: boolean;
  readonly object: (name: string, fields: unknown) => Json;
};

/** The definitions people install, as they are in the repository. */
const manifests = readdirSync(MANIFESTS)
  .filter((name) => name.endsWith(".yaml"))
  .map((name) => readFileSync(new URL(name, MANIFESTS), "utf8"));

const documented = parseAllDocuments(readFileSync(DOCUMENTED, "utf8")).map(
  (document) => document.toJS() as Json & { readonly metadata: Json },
);

/** One definition is installed by one case only: their names cannot be the case's own. */
export const definitionCases: readonly ConformanceCase[] = manifests.map((text) => {
  const definition = parse(text) as Definition;
  const { kind } = definition.spec.names;
  return {
    name: `the definition of ${kind} is served, keeps whole and documented objects, and refuses mistakes`,
    async run(context) {
      await install(context, text, definition.metadata.name);
      const defined = definedBy(context, definition);
      await eventually(async () => void expectStatus(await context.api.get(defined.path), 200));
      await keepsEverything(context, defined);
      await keepsNothing(context, defined);
      await acceptsDocumented(context, defined);
      await refusesMistakes(context, defined);
    },
  };
});

/** As the guide installs them: applied on the server, as the text of the file. */
async function install({ api }: CaseContext, text: string, name: string): Promise<void> {
  const applied = await api.patch(`${DEFINITIONS}/${name}?fieldManager=conformance`, "apply", text);
  expectStatus(applied, 201);
  await eventually(async () => {
    const definition = await api.get(`${DEFINITIONS}/${name}`);
    const conditions = definition.body.list("status", "conditions") as readonly Json[];
    const isTrue = (type: string): boolean =>
      conditions.some((condition) => condition["type"] === type && condition["status"] === "True");
    assert.ok(isTrue("Established"), definition.text);
    assert.ok(!isTrue("NonStructuralSchema"), definition.text);
  });
}

function definedBy(context: CaseContext, { spec }: Definition): Defined {
  const [version] = spec.versions;
  const apiVersion = `${spec.group}/${version.name}`;
  const {
    apiVersion: _,
    kind: __,
    metadata: ___,
    ...properties
  } = version.schema.openAPIV3Schema.properties ?? {};
  assert.equal(spec.scope, "Namespaced");
  return {
    schema: { ...version.schema.openAPIV3Schema, properties },
    path: context.path(apiVersion, spec.names.plural),
    hasStatus: version.subresources?.status !== undefined,
    object: (name, fields) => ({
      apiVersion,
      kind: spec.names.kind,
      metadata: { name, labels: { whole: "yes" }, annotations: { "a/b": "ä" } },
      ...(fields as Json),
    }),
  };
}

async function keepsEverything({ api }: CaseContext, defined: Defined): Promise<void> {
  const whole = defined.object("whole", wholeValue(defined.schema));
  const created = expectStatus(await api.post(defined.path, whole), 201);
  if (defined.hasStatus) {
    const withStatus = { ...(created.body.value as Json), status: whole["status"] };
    expectStatus(await api.put(`${defined.path}/whole/status`, withStatus), 200);
  }
  const read = async (): Promise<Json> =>
    (await api.get(`${defined.path}/whole`)).body.value as Json;
  const { metadata: given, ...fields } = whole;
  const { metadata: kept, ...rest } = await read();
  assert.deepEqual(rest, fields);
  const { labels, annotations, name } = kept as Json;
  assert.deepEqual({ labels, annotations, name }, given);
  const label = { metadata: { labels: { whole: "still" } } };
  expectStatus(await api.patch(`${defined.path}/whole`, "merge", label), 200);
  const { metadata: _, ...patched } = await read();
  assert.deepEqual(patched, fields, "a change of a label took something else with it");
}

async function keepsNothing({ api }: CaseContext, defined: Defined): Promise<void> {
  const { status: _, ...fields } = emptyValue(defined.schema) as Json;
  expectStatus(await api.post(defined.path, defined.object("empty", fields)), 201);
  const kept = (await api.get(`${defined.path}/empty`)).body.value as Json;
  for (const [name, value] of Object.entries(fields)) assert.deepEqual(kept[name], value);
}

async function acceptsDocumented({ api }: CaseContext, defined: Defined): Promise<void> {
  const { kind, apiVersion } = defined.object("any", {});
  const ofKind = documented.filter(
    (one) => one["kind"] === kind && one["apiVersion"] === apiVersion,
  );
  for (const [index, { metadata, ...fields }] of ofKind.entries()) {
    const name = `documented-${index}`;
    const { labels = {}, annotations = {} } = metadata;
    const manifest = {
      ...fields,
      metadata: { name, labels, annotations, creationTimestamp: null },
    };
    expectStatus(await api.post(defined.path, manifest), 201);
    const { metadata: kept, ...rest } = (await api.get(`${defined.path}/${name}`)).body
      .value as Json;
    assert.deepEqual(rest, fields);
    assert.deepEqual((kept as Json)["labels"] ?? {}, labels);
  }
}

async function refusesMistakes({ api }: CaseContext, defined: Defined): Promise<void> {
  const whole = defined.object("wrong", wholeValue(defined.schema));
  const waiting = mistakes(defined.schema).filter(
    ({ path }) => !defined.hasStatus || path[0] !== "status",
  );
  const check = async (mistake: Mistake): Promise<void> => {
    const answer = await api.post(`${defined.path}?dryRun=All`, withMistake(whole, mistake));
    assert.equal(answer.status, 422, `${JSON.stringify(mistake)} was not refused: ${answer.text}`);
    expectRefusal(answer, { code: 422, reason: "Invalid" });
    const named = String(mistake.path.findLast((step) => typeof step === "string"));
    assert.ok(answer.body.text("message").includes(named), answer.body.text("message"));
  };
  const queue = [...waiting];
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await check(next);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}
