/** What someone wants to do: to a resource, or to a path outside the resources. */
export type AccessAttributes = {
  readonly verb: string;
  readonly group: string;
  readonly version?: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly path?: string;
};
