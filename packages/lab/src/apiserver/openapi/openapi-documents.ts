import { createHash } from "node:crypto";
import type { Fields } from "../json.ts";
import { apiVersionOf } from "../resources/resource-info.ts";
import type { ResourceRegistry } from "../resources/resource-registry.ts";
import { builtinDefinitions } from "./builtin-definitions.ts";
import { customDefinition } from "./custom-definitions.ts";
import { customDefinitionName } from "./definition-names.ts";
import { encodeOpenApiV2 } from "./openapi-protobuf.ts";
import { resourcePaths } from "./resource-paths.ts";

const INFO = { title: "Kubernetes", version: "v1.31.0+lab" };
const V2_PREFIX = "#/definitions/";
const V3_PREFIX = "#/components/schemas/";

/** The OpenAPI documents of one server; made anew when its resources change. */
export class OpenApiDocuments {
  #registry: ResourceRegistry;
  #generation = -1;
  #made = new Map<string, Buffer>();

  constructor(registry: ResourceRegistry) {
    this.#registry = registry;
  }

  v2Json(): Buffer {
    return this.#cached("v2", () => Buffer.from(JSON.stringify(this.#v2())));
  }

  v2Protobuf(): Buffer {
    return this.#cached("v2.pb", () => encodeOpenApiV2(this.#v2()));
  }

  /** Which v3 documents there are: one for each group and version. */
  v3Index(): Fields {
    const versions = [...new Set(this.#registry.all().map(apiVersionOf))];
    const paths: Fields = {};
    for (const apiVersion of versions) {
      const path = apiVersion.includes("/") ? `apis/${apiVersion}` : `api/${apiVersion}`;
      const hash = createHash("sha256").update(this.v3Json(apiVersion)).digest("hex");
      paths[path] = {
        serverRelativeURL: `/openapi/v3/${path}?hash=${hash.slice(0, 32).toUpperCase()}`,
      };
    }
    return { paths };
  }

  v3Json(apiVersion: string): Buffer {
    return this.#cached(`v3/${apiVersion}`, () =>
      Buffer.from(JSON.stringify(this.#v3(apiVersion))),
    );
  }

  #cached(name: string, make: () => Buffer): Buffer {
    if (this.#generation !== this.#registry.generation) {
      this.#generation = this.#registry.generation;
      this.#made.clear();
    }
    const known = this.#made.get(name);
    if (known !== undefined) return known;
    const made = make();
    this.#made.set(name, made);
    return made;
  }

  #v2(): Fields {
    const definitions = builtinDefinitions(V2_PREFIX);
    const paths: Fields = {};
    for (const info of this.#registry.all()) {
      Object.assign(paths, resourcePaths(info, "v2"));
      if (info.custom === undefined) continue;
      definitions[customDefinitionName(info)] = customDefinition(info, V2_PREFIX, "v2");
    }
    return { swagger: "2.0", info: INFO, paths, definitions };
  }

  #v3(apiVersion: string): Fields {
    const infos = this.#registry.inVersion(apiVersion);
    const paths = Object.assign({}, ...infos.map((info) => resourcePaths(info, "v3"))) as Fields;
    const schemas = builtinDefinitions(V3_PREFIX);
    for (const info of infos) {
      if (info.custom === undefined) continue;
      schemas[customDefinitionName(info)] = customDefinition(info, V3_PREFIX, "v3");
    }
    return { openapi: "3.0.0", info: INFO, paths, components: { schemas } };
  }
}
