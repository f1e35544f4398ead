import type { MigrationTree, ObjectEvent, TreeNode } from "@drover/contract";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "../../shared/api/client.ts";
import { resourceQuery } from "../../shared/api/resources.ts";

/** Everything that belongs to a migration, on all of its clusters. */
export function treeQuery(migration: string) {
  return queryOptions({
    queryKey: ["migration-tree", migration],
    queryFn: () => api.get<MigrationTree>(`/migrations/${migration}/tree`),
  });
}

const searchOf = (values: Readonly<Record<string, string | undefined>>) =>
  new URLSearchParams(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  ).toString();

const groupAndVersion = (apiVersion: string) => {
  const [first = "", second] = apiVersion.split("/");
  return second === undefined ? { group: "", version: first } : { group: first, version: second };
};

/** The object behind a node, as its cluster keeps it. */
export function objectQuery(node: TreeNode) {
  const { cluster, plural, namespace, name } = node;
  const search = searchOf({ ...groupAndVersion(node.apiVersion), namespace, name });
  return queryOptions({
    queryKey: ["object", node.id, node.uid],
    queryFn: () => api.get<object>(`/clusters/${cluster}/objects/${plural}?${search}`),
  });
}

/** What the cluster reported about a node, newest first. */
export function eventsQuery({ cluster, uid, namespace = "" }: TreeNode) {
  return queryOptions({
    queryKey: ["events", cluster, uid],
    queryFn: async () => {
      const search = searchOf({ uid, namespace });
      const list = await api.get<{ items: ObjectEvent[] }>(`/clusters/${cluster}/events?${search}`);
      return list.items;
    },
  });
}

/** The last lines a pod wrote. */
export function logQuery({ cluster, namespace, name }: TreeNode) {
  return queryOptions({
    queryKey: ["log", cluster, namespace, name],
    queryFn: () =>
      api.text(`/clusters/${cluster}/logs?${searchOf({ namespace, pod: name, tail: "500" })}`),
  });
}

export function useCancelMigration(name: string) {
  const queryClient = useQueryClient();
  return useMutation<unknown, unknown, void>({
    mutationFn: () => api.post(`/migrations/${name}/cancel`),
    onSettled: () =>
      queryClient.invalidateQueries({ queryKey: resourceQuery("migmigrations").queryKey }),
  });
}
