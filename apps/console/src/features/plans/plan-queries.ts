import type { CreatePlan, NamespacePage, StartMigration, UpdatePlan } from "@drover/contract";
import type { MigMigration, MigPlan } from "@drover/crds";
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "../../shared/api/client.ts";
import { resourceQuery } from "../../shared/api/resources.ts";

function useReread(resource: "migplans" | "migmigrations"): () => Promise<void> {
  const queryClient = useQueryClient();
  return () => queryClient.invalidateQueries({ queryKey: resourceQuery(resource).queryKey });
}

type NamespaceSearch = { readonly search: string; readonly page: number; readonly perPage: number };

/** One page of a cluster's namespaces, searched on the server. */
export function namespacesQuery(cluster: string, { search, page, perPage }: NamespaceSearch) {
  const parameters = new URLSearchParams({ search, page: String(page), perPage: String(perPage) });
  return queryOptions({
    queryKey: ["namespaces", cluster, search, page, perPage],
    queryFn: () =>
      api.get<NamespacePage>(`/clusters/${cluster}/namespaces?${parameters.toString()}`),
    placeholderData: keepPreviousData,
    enabled: cluster !== "",
  });
}

export function useCreatePlan() {
  const onSettled = useReread("migplans");
  return useMutation({
    mutationFn: (plan: CreatePlan) => api.post<MigPlan>("/plans", plan),
    onSettled,
  });
}

export function useUpdatePlan(name: string) {
  const onSettled = useReread("migplans");
  return useMutation({
    mutationFn: (plan: UpdatePlan) => api.patch<MigPlan>(`/plans/${name}`, plan),
    onSettled,
  });
}

export function useDeletePlan(name: string) {
  const onSettled = useReread("migplans");
  return useMutation<unknown, unknown, void>({
    mutationFn: () => api.delete(`/plans/${name}`),
    onSettled,
  });
}

export function useStartMigration(plan: string) {
  const onSettled = useReread("migmigrations");
  return useMutation({
    mutationFn: (run: StartMigration) => api.post<MigMigration>(`/plans/${plan}/migrations`, run),
    onSettled,
  });
}
