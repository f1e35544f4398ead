import type { CreateStorage, UpdateStorage } from "@drover/contract";
import type { MigStorage } from "@drover/crds";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "../../shared/api/client.ts";
import { resourceQuery } from "../../shared/api/resources.ts";

function useReread(): () => Promise<void> {
  const queryClient = useQueryClient();
  return () => queryClient.invalidateQueries({ queryKey: resourceQuery("migstorages").queryKey });
}

export function useCreateRepository() {
  const onSettled = useReread();
  return useMutation({
    mutationFn: (storage: CreateStorage) => api.post<MigStorage>("/storages", storage),
    onSettled,
  });
}

export function useUpdateRepository(name: string) {
  const onSettled = useReread();
  return useMutation({
    mutationFn: (storage: UpdateStorage) => api.put<MigStorage>(`/storages/${name}`, storage),
    onSettled,
  });
}

export function useRemoveRepository(name: string) {
  const onSettled = useReread();
  return useMutation<unknown, unknown, void>({
    mutationFn: () => api.delete(`/storages/${name}`),
    onSettled,
  });
}
